# Sun that comes and goes every few minutes for hours: starts per hour, stagger and growing rest limit the switching of relays.
set s19.min_on 0s
set s19.min_off 0s
set s21.enabled no
12:00:00  v=54.80 pv=9000 house=1000   | stage=high
12:01:00                               | s19=starting:running s19.starts-today=1
12:02:00  pv=1000                      | s19=on
12:02:30                               | s19=stopping:power
12:02:31  pv=9000                      | s19=off
# 600 s of rest although min_off_s is 0.
12:12:30                               | all:s19=off s19=off:rest:1s
12:12:31                               | s19=starting:running s19.starts-today=2
12:13:00  pv=1000                      | s19=on
12:13:30                               | s19=stopping:power
12:13:31  pv=9000                      | s19=off
12:33:30                               | all:s19=off s19=off:rest:1s
12:33:31                               | s19=starting:running s19.starts-today=3
# Stopped by hand: that neither counts nor resets. The rest is still that of two runs, and three starts per hour are the limit.
12:34:00  override.s19=off             | s19=stopping:override_off
12:34:10  override.s19=auto            | s19=off:rest s19.rest=blocks:9/1200:1191s
12:54:01                               | s19=off:starts s19.starts=blocks:3/3:419s
13:00:59                               | all:s19=off:* s19=off:starts:1s
13:01:00                               | s19=starting:running s19.starts-today=4
