# Dull winter days: bursts of sun start the S21, and each short run extends its rest. The bank is never drained.
set control.tick 10s
set site.reserve 51.00
# Day one: no burst is bright enough to run without the bank, and the bank remains under 52.50 V.
08:00:00  v=51.60..52.40 pv=500..2500 house=1000 sunny=no | s21=off:voltage
13:00:00  v=52.49 pv=3000              | all:s21=off all:s19=off s21=off:voltage s21.voltage=blocks:52.49/52.50
15:00:00  v=52.40..51.20 pv=3000..0    | all:s21=off
# Day two: a burst is enough, then the cloud returns: on the bank under the reserve it stops after min_on_s.
08:00:00  v=51.80 pv=1000              | all:s21=off
10:00:00  pv=6000                      | s21=off:hold:60s s21.voltage=hold:51.80/50.00:60s
10:01:00                               | s21=starting:running
10:01:10                               | s21=on:running
10:05:00  pv=1500 v=50.90              | s21=on
10:05:30                               | s21=on:min_on
10:11:00                               | all:s21=on s21=on:min_on
10:11:10                               | s21=stopping:voltage s21.by=50.90/51.00
10:11:20  pv=6000 v=51.60              | s21=off:rest s21.rest=blocks:0/600:600s
10:21:10                               | all:s21=off s21.rest=blocks:590/600:10s
10:21:20                               | s21=starting:running
10:21:30  pv=1500 v=50.90              | s21=on
10:31:30                               | s21=stopping:voltage
10:31:40  pv=6000 v=51.60              | s21=off:rest s21.rest=blocks:0/1200:1200s
10:51:40                               | s21=starting:running
10:51:50  pv=1500 v=50.90              | s21=on
11:01:50                               | s21=stopping:voltage
11:02:00  pv=6000 v=51.60              | s21=off:rest s21.rest=blocks:0/2400:2400s
11:41:50                               | all:s21=off
11:42:00                               | s21=starting:running s21.starts-today=4
# After more than an hour of sun, earlier runs are forgotten.
11:42:10                               | s21=on:running
12:50:00  pv=1500 v=50.90              | all:s21=on
12:50:30                               | s21=stopping:voltage
12:50:40  pv=6000 v=51.60              | s21=off:rest s21.rest=blocks:0/300:300s
12:55:40                               | s21=starting:running
# Day three, fog: nothing starts.
16:00:00  pv=0 v=50.99                 | s21=on
16:00:30                               | s21=stopping:voltage
18:00:00  v=51.20                      | all:s21.starts-today=5 s21=off:voltage
17:50:00  pv=800 v=51.50               | all:s21=off all:s19=off s21.starts-today=0 stage=optimal
