# A relay that does not receive, one that sticks, a miner that does not draw.
set s19.enabled no
12:00:00  v=53.00 pv=9000 house=1000 device.s21=deaf | s21=off:source
12:01:00                               | s21=starting:running s21.sent=on*1
12:01:10                               | s21=starting:running s21.sent=retry*1
12:01:30                               | s21.sent=retry*1
12:02:10                               | s21.sent=retry*1
12:03:10                               | s21.sent=retry*1 no-alarm=output_not_following
# Five tries. A sixth would be due 60 s later: OFF, an alarm, an hour without it.
12:04:09                               | all:s21=starting s21.sent=nothing
12:04:10                               | s21=fault:fault s21.sent=off*1 alarm=output_not_following/primary-s21
12:04:12                               | s21=fault:output
13:04:09                               | all:s21.starts-today=1 s21=fault:output s21.output=blocks::1s
13:04:10  device.s21=ok                | s21=starting:running s21.starts-today=2 no-alarm=output_not_following
13:04:11                               | s21=on:running
# Its contact is stuck: it reports off, but its meter contradicts that. OFF is repeated, and its draw counts as the
# house's.
13:30:00  device.s21=stuck             | s21=on
13:30:10  override.s21=off             | s21=stopping:override_off
13:30:11                               | s21=off:override_off
13:30:15                               | s21.draw=0 base=4878 s21.output=blocks s21.sent=nothing no-alarm=output_stuck_on
13:30:20                               | s21.sent=retry*1
13:30:40                               | s21.sent=retry*1
13:31:14                               | all:s21.output=blocks all:base=4878 no-alarm=output_stuck_on
13:31:15                               | s21.draw=0 base=4878 alarm=output_stuck_on/primary-s21
13:32:00  device.s21=ok                | s21=off:override_off no-alarm=output_stuck_on s21.output=passes base=1000
# It reports on, and draws nothing for ten minutes.
13:40:00  device.s21=idle override.s21=auto | s21=starting:running
13:40:01                               | s21=on:running
13:50:04                               | all:s21=on:running no-alarm=not_drawing
13:50:05                               | s21=on:running alarm=not_drawing/primary-s21
13:51:00  device.s21=ok                | s21=on:running no-alarm=not_drawing
