# A night: the S21 runs on the bank down to the reserve, and does not restart on the rebound of the voltage.
set control.tick 5s
set site.reserve 50.00
18:00:00  v=53.00 pv=0 house=800       | stage=optimal
+1m                                    | s21=starting:running
+5s                                    | s21=on:running
# Down by 10 mV every 75 s for 300 steps: 50.00 V is reached at 00:25:00 and holds.
18:10:00  v=53.00..50.00               | s21=on:running
00:25:00  v=50.00                      | all:s21=on s21.voltage=passes:50.00/47.00
00:30:00  v=49.99                      | all:s21=on s21.voltage=blocks:49.99/50.00 s21=on:*:30s
00:30:25                               | all:s21=on s21=on:*:5s
00:30:30                               | s21=stopping:voltage s21.by=49.99/50.00 s21.sent=off*1
# Without the load the voltage recovers: the next start from the bank needs 1.5 V above the reserve.
00:30:35  v=50.90                      | s21=off:voltage s21.rest=blocks
00:40:00  v=51.49                      | all:s21=off s21=off:voltage s21.voltage=blocks:51.49/51.50
07:00:00  pv=4677                      | all:s21=off s21.voltage=blocks:51.49/51.50
# 3,878 W from the sun alone are not a run on the battery: the start voltage is enough.
07:10:00  pv=4678                      | all:s21=off s21.voltage=hold:51.49/50.00:60s
07:10:55                               | all:s21=off
07:11:00                               | s21=starting:running s21.starts-today=1
07:11:05                               | s21=on:running
