# A generator charges the bank and carries the house. Its watts do not count as sun: the dump load is not held back by
# them, does not start on them, and does not run through a cloud because of them.
set s21.enabled no
12:00:00  v=55.20 pv=1500 house=1850 grid=6000 | stage=float s19=off:power s19.sun=blocks:1500/8000
12:15:00  v=54.60 grid=0               | all:s19=off s19=off:power
12:15:40  v=55.20 grid=6000            | all:s19=off
12:16:20  v=54.60 grid=0               | all:s19=off
12:17:00  v=55.20 grid=6000            | all:s19=off
12:19:55                               | all:s19=off s19.power=blocks:*
# Sun takes over from it.
12:20:00  v=54.80 pv=9000 grid=0       | s19=off:hold:60s
12:20:59                               | all:s19=off
12:21:00                               | s19=starting:running
# The generator takes over again: the bank is charged as before, and the dump load, 4,100 W short, stops after the hold.
12:32:00  pv=1000 grid=9000            | s19=on
12:32:29                               | all:s19=on
12:32:30                               | s19=stopping:power
# They alternate every two minutes: 600 s of rest, then 1,200 s; 1,100 W short, it runs for min_on_s.
12:34:00  pv=9000 grid=0               | s19=off:rest
12:36:00  pv=4000 grid=6000            | s19=off:power
12:38:00  pv=9000 grid=0               | s19=off:rest
12:42:30                               | all:s19=off
12:42:31                               | s19=starting:running
12:44:00  pv=4000 grid=6000            | s19=on
12:46:00  pv=9000 grid=0               | all:s19=on
12:48:00  pv=4000 grid=6000            | all:s19=on
12:52:31                               | all:s19=on s19=on:min_on
12:52:32                               | s19=stopping:power
12:54:00  pv=9000 grid=0               | s19=off:rest
13:12:32                               | all:s19=off
13:12:33                               | s19=starting:running s19.starts-today=3
