// The camera's picture behind the skeleton, where the owner allows it.

// One picture after the other, each asked for when the last one is there: a slow machine shows fewer.
export async function showPictures(stage) {
  for (;;) {
    let pause = 60;
    try {
      const answer = document.hidden ? null : await fetch("/picture");
      if (answer?.status === 200) {
        const last = stage.picture;
        stage.picture = await createImageBitmap(await answer.blob());
        last?.close();
        stage.plan();
      } else {
        stage.picture = null;
        pause = 1000;
      }
    } catch {
      stage.picture = null;
      pause = 1000;
    }
    await new Promise((done) => setTimeout(done, pause));
  }
}
