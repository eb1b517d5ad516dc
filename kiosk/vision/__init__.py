"""Cameras and the pose model: the only room that knows OpenCV and the model runtime."""

import os

# OpenCV reads these when it is first imported, so they stand before every import of it in this room. Its own
# messages go to stderr and would bury the one sentence that a user needs. Who sets them keeps their choice.
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
# What may be taken for a video. Without the list FFmpeg also "plays" a text file (as terminal art), and play
# lists that lead to other files and to the network.
os.environ.setdefault(
    "OPENCV_FFMPEG_CAPTURE_OPTIONS",
    "format_whitelist;mov,matroska,avi,gif,mpegts,mpeg,mpegvideo,asf,flv,ogg,ivf,dv,mxf,nut,rm,m4v,h264,hevc,mjpeg,"
    "apng,image2,jpeg_pipe,png_pipe,webp_pipe",
)
# Seconds that OpenCV waits for a picture of a USB camera that has vanished; its own default is 10.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "3")
