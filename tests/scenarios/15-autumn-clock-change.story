# The night of the repeated hour: a window inside it opens twice, and a clock that goes back starts no new
# day.
set s21.window 02:00-02:30
set s21.outside no
set s21.min_on 0s
01:50:00  v=53.00 pv=0 house=800       | s21=off:schedule s21.schedule=blocks::10m
02:00:00                               | all:s21=off:* s21=starting:running
02:30:00                               | s21=stopping:schedule
02:59:59                               | all:s21=off:schedule
03:00:00  wall=-1h                     | s21=starting:running s21.starts-today=2
03:29:59                               | s21=on:running
03:30:00                               | s21=stopping:schedule
04:00:00                               | all:s21=off:schedule s21.schedule=blocks::23h
