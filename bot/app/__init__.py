"""The composition root: the one place that knows everything and puts it together.

Two programs are composed here. The gateway holds the doors and the road, and never imports Rasa;
a brain holds the trained assistant, and never imports the doors.
"""
