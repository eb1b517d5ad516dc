// Sound that a browser can make without the internet: a voice of its own, else one from the kiosk, and plain tones.

// No sentence of ours takes longer; a browser that never says that it has finished must not silence the rest.
const LONGEST_MS = 8000;

export class Speech {
  // `fetches`: whether the kiosk may be asked for speech. It speaks for its own screen only. `woke` is called when
  // sound has become possible.
  constructor(fetches, woke) {
    this.fetches = fetches;
    this.woke = woke;
    this.language = document.documentElement.lang || "en";
    this.context = null;
    this.source = null;
  }

  // Wakes without a touch where the browser was started as a kiosk's: a moment of silence is how one finds out without
  // being scolded.
  async wakeIfAllowed() {
    if (!navigator.userActivation?.hasBeenActive) {
      try {
        await new Audio("/voice/silence.wav").play();
      } catch {
        return;
      }
    }
    this.wake();
  }

  wake() {
    if (!window.AudioContext) return;
    if (!this.context) {
      this.context = new AudioContext();
      this.context.onstatechange = () => this.awake && this.woke();
    }
    // Refused until the first touch; the next one asks again.
    if (this.context.state === "suspended") this.context.resume().catch(() => {});
  }

  // Whether words can be said now, or never: then they need not be kept for later.
  get ready() {
    return this.awake || !this.fetches || Boolean(this.ownVoice());
  }

  get awake() {
    return this.context?.state === "running";
  }

  stop() {
    window.speechSynthesis?.cancel();
    this.source?.stop();
    this.source = null;
    this.context?.suspend();
  }

  tone(notes, loud) {
    if (!this.awake) return;
    let at = this.context.currentTime;
    for (const [pitch, seconds] of notes) {
      const note = this.context.createOscillator();
      const swell = this.context.createGain();
      note.frequency.value = pitch;
      swell.gain.setValueAtTime(0, at);
      swell.gain.linearRampToValueAtTime(loud, at + 0.02);
      swell.gain.linearRampToValueAtTime(0, at + seconds);
      note.connect(swell).connect(this.context.destination);
      note.start(at);
      note.stop(at + seconds);
      at += seconds;
    }
  }

  // Resolves when the words have been said, or cannot be.
  async say(words) {
    const voice = this.ownVoice();
    if (voice) await this.sayItself(words, voice);
    else if (this.fetches && this.awake) await this.sayFetched(words);
  }

  // Only a voice on this machine: others send what is said to their maker.
  ownVoice() {
    const voices = window.speechSynthesis?.getVoices() ?? [];
    return voices.find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(this.language.toLowerCase()));
  }

  sayItself(words, voice) {
    return new Promise((done) => {
      const utterance = new SpeechSynthesisUtterance(words);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.onend = utterance.onerror = done;
      setTimeout(done, LONGEST_MS);
      speechSynthesis.speak(utterance);
    });
  }

  async sayFetched(words) {
    try {
      const answer = await fetch(`/voice/${encodeURIComponent(this.language)}.wav?text=${encodeURIComponent(words)}`);
      // 503 and 404: this kiosk cannot speak, or not this language. The tones remain.
      if (!answer.ok) this.fetches = ![404, 503].includes(answer.status);
      else await this.playSound(await this.context.decodeAudioData(await answer.arrayBuffer()));
    } catch {
      // The connection is gone, which the page itself says.
    }
  }

  playSound(sound) {
    if (!this.awake) return null;
    return new Promise((done) => {
      const source = this.context.createBufferSource();
      this.source = source;
      source.buffer = sound;
      source.connect(this.context.destination);
      source.onended = done;
      setTimeout(done, LONGEST_MS);
      source.start();
    });
  }
}
