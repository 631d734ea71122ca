# The broker is offline for longer than the lease: nothing is sent, the relay switches itself off, and the cause is known.
12:00:00  v=53.00 pv=9000 house=1000   | stage=optimal
12:01:00                               | s21=starting:running
12:01:01                               | s21=on:running
12:20:00                               | s21=on:running s21.sent=renewal*11
12:30:00  broker=down                  | s21=unknown:running
12:40:00                               | all:s21=unknown:running all:s21.sent=nothing
# Back: it was off since its lease ended, which counts as a stop; its rest begins when voltd learns of it.
12:50:00  broker=up                    | s21.sent=nothing s21=off:fault s21.starts-today=1
12:50:01                               | s21=off:rest:299s
12:54:59                               | all:s21=off s21.sent=nothing
12:55:00                               | s21=starting:running s21.starts-today=2 s21.sent=on*1
12:55:01                               | s21=on:running
# Offline for a short time: the lease lasts, nothing is switched, and the renewal is sent again.
13:10:00  broker=down                  | s21=unknown:running
13:11:00  broker=up                    | s21=on:running s21.starts-today=2
13:15:00                               | all:s21=on:running s21.starts-today=2
# An OFF that is due while the broker is offline is sent when it returns.
13:20:00  broker=down                  | s21=unknown
13:20:30  override.s21=off             | s21=unknown:override_off s21.sent=nothing
13:21:00  broker=up                    | s21.sent=off*1
13:21:02                               | s21=off:override_off
