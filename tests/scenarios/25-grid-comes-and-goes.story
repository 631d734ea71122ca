# Off grid to grid and back every five minutes as the inverter changes over: the voltage follows, and with it the S21,
# which needs no sun. Each run that ends this way extends its rest: it uses four of twelve chances in two hours.
set s21.stop 49.00
set s21.min_on 0s
set s19.enabled no
20:00:00  v=50.50 pv=0 house=800 grid=8000 | s21=off:source
20:01:00                               | s21=starting:running
20:05:00  v=48.70 grid=0               | s21=on
20:05:29                               | all:s21=on
20:05:30                               | s21=stopping:voltage
20:10:00  v=50.50 grid=8000            | s21=off:rest s21.rest=blocks:269/600:331s
20:15:00  v=48.70 grid=0               | all:s21=off
20:20:00  v=50.50 grid=8000            | all:s21=off s21=off:hold:60s
20:21:00                               | s21=starting:running
20:25:00  v=48.70 grid=0               | s21=on
20:25:30                               | s21=stopping:voltage
20:30:00  v=50.50 grid=8000            | s21=off:rest s21.rest=blocks:269/1200:931s
20:35:00  v=48.70 grid=0               | all:s21=off
20:40:00  v=50.50 grid=8000            | all:s21=off
20:45:00  v=48.70 grid=0               | all:s21=off
20:50:00  v=50.50 grid=8000            | all:s21=off
20:51:00                               | s21=starting:running
20:55:00  v=48.70 grid=0               | s21=on
20:55:30                               | s21=stopping:voltage
21:00:00  v=50.50 grid=8000            | s21=off:rest s21.rest=blocks:269/2400:2131s
21:05:00  v=48.70 grid=0               | all:s21=off
21:10:00  v=50.50 grid=8000            | all:s21=off
21:15:00  v=48.70 grid=0               | all:s21=off
21:20:00  v=50.50 grid=8000            | all:s21=off
21:25:00  v=48.70 grid=0               | all:s21=off
21:30:00  v=50.50 grid=8000            | all:s21=off
21:35:00  v=48.70 grid=0               | all:s21=off
21:40:00  v=50.50 grid=8000            | all:s21=off
21:41:00                               | s21=starting:running
# A change that ends within the hold has no effect if twice its time passes before the next one.
21:45:00  v=48.70 grid=0               | s21=on
21:45:25  v=50.50 grid=8000            | all:s21=on
21:46:15  v=48.70 grid=0               | all:s21=on
21:46:40  v=50.50 grid=8000            | all:s21=on
# Changes that follow sooner add up: 24 s, minus 12.5 s, plus 18.5 s.
21:50:00  v=48.70 grid=0               | all:s21=on
21:50:25  v=50.50 grid=8000            | all:s21=on
21:50:50  v=48.70 grid=0               | all:s21=on
21:51:07                               | all:s21=on
21:51:08                               | s21=stopping:voltage
22:00:00  v=50.50 grid=8000            | all:s21=off s21=off:rest s21.starts-today=4
