# The computer's cable is unplugged: sources, sensors and broker disappear at once, and return one by one. Meanwhile nothing is sent, the relay opens
# by its lease, and nothing starts before the first source returns.
12:00:00  v=53.00 pv=9000 house=1000   | stage=optimal
12:01:00                               | s21=starting:running
12:01:01                               | s21=on:running
12:30:00  v=silent power=silent heat-room.temp=silent main-room.temp=silent battery-temp=silent broker=down | s21=unknown:running s21.sent=renewal*17
12:30:11                               | stage=blind alarm=blind s21.sent=nothing
12:31:10                               | all:s21=unknown:running
12:31:11                               | s21=unknown:blind s21.sent=nothing
# The lease of 300 s is long over. The relays return first, then the source that starts may not use, the best one last.
12:50:00  broker=up                    | all:s21.sent=nothing stage=blind s21=off
12:51:00  ark=53.00                    | all:s21=off:blind all:stage=blind s21=off:source stage=optimal degraded=yes
12:52:00  gx=53.00 power=heard heat-room.temp=20.0 main-room.temp=20.0 battery-temp=20.0 | all:s21=off:source degraded=yes
12:52:30                               | all:s21=off degraded=no s21=off:rest
12:54:59                               | all:s21=off all:s21.sent=nothing
12:55:00                               | s21=starting:running s21.sent=on*1 s21.starts-today=2
# Back within the grace, in another order: nothing was lost, and nothing is switched.
13:10:00  v=silent power=silent broker=down | s21=unknown:running
13:10:20  gx=53.00                     | all:s21=unknown:running
13:10:40  broker=up                    | s21=on:running
13:11:00  ark=53.00 power=heard        | s21=on:running
13:20:00                               | all:s21=on:running no-alarm=blind s21.starts-today=2
