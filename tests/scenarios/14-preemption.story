# The S21 lacks only power, and the S19 uses it: after the hold the S19 stops for it, once its min_on_s is over.
set s21.mode opportunistic
set s21.enabled no
12:00:00  v=54.80 pv=8000 house=1000   | stage=high
12:01:00                               | s19=starting:running
12:01:01                               | s19=on:running
12:02:00  set.s21.enabled=yes          | s21=off:power s21.power=blocks:3750/3878 s19=on:running
# Ninety seconds after the last start it waits only for power; 30 s later the S19 would stop, except for its min_on_s.
12:02:29                               | s21.stagger=blocks::1s
12:02:59                               | all:s19=on:running s21=off:power s21.stagger=passes
12:03:00                               | s19=on:min_on s21=off:power
12:11:00                               | all:s19=on:min_on all:s21=off:power
12:11:01                               | s19=stopping:preempted s19.sent=off*1
12:11:02                               | s19=off s21=off:hold
12:12:01                               | all:s21=off
12:12:03                               | s21=on:running s19=off:power
# The S19 now lacks the power that was freed, and does not flap.
13:10:00                               | all:s21=on all:s19=off s21.starts-today=1 s19.starts-today=1
