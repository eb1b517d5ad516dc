"""How the camera hangs, measured from a person who stands on the mark: height, distance, tilt, roll, yaw, framing."""
