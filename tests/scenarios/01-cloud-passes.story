# A cloud passes. The S21 has the whole allowance of the battery and keeps running; the S19 runs only on sun and
# stops.
12:00:00  v=54.60 pv=12000 house=1850  | stage=high s21=off:source s19=off:source excess=10150 available=15150
+59s                                   | s21=off:hold:1s s19=off:priority s19.sun=hold:12000/8000:1s
+1s                                    | s21=starting:running s19=off:stagger:90s s21.sent=on*1
+1s                                    | s21=on:running
12:02:29                               | s19=off:stagger:1s
+1s                                    | s19=starting:running
# Twenty-five seconds do not count as a cloud: every stop waits for its hold.
12:10:00  pv=2500 v=53.50              | s21=on s19=on
+25s      pv=12000 v=54.60             | all:s21=on all:s19=on
# Ten minutes do. Power, sun and excess all fail in the same tick; power is the most severe.
12:20:00  pv=2500 v=53.50              | s21=on:running s19=on
+29s                                   | all:s19=on
+1s                                    | s19=stopping:power s21=on:running s19.sent=off*1
+1s                                    | s19=off:voltage s19.voltage=blocks:53.50/54.50
+5m                                    | all:s21=on:running all:s19=off
# Its run was short and ended for lack of power: it rests 600 s from the confirmation of OFF at 12:20:31.
12:30:00  pv=12000 v=54.60             | s19=off:rest:31s
12:30:31                               | s19=off:hold:29s
12:31:00                               | s19=starting:running s19.starts-today=2 s21.starts-today=1
+1m                                    | s19=on:running s21=on:running
