# A heat wave in the miners' room: the fan by level, no starts at too_hot, the trip, and a sensor that fails.
12:00:00  v=53.00 pv=9000 house=1000 heat-room.temp=34.0 | heat-room.fan=off heat-room=idle
12:01:00                               | s21=starting:running
12:05:00  heat-room.temp=38.0          | heat-room.fan=off s21=on:running
12:10:00  heat-room.temp=39.9          | heat-room.fan=off
12:11:00  heat-room.temp=40.0          | heat-room.fan=10 heat-room=too_hot heat-room.fan.sent=on*1 s21=on:running s19.zone=blocks:40.0/40.0
12:11:30  heat-room.temp=37.5          | heat-room.fan=5 heat-room=hysteresis s19.zone=passes
12:12:00  heat-room.temp=36.0          | heat-room.fan=2
12:12:30  heat-room.temp=35.1          | heat-room.fan=1
12:13:00  heat-room.temp=39.9          | heat-room.fan=10
12:13:30  heat-room.temp=37.4          | heat-room.fan=5
12:14:00  heat-room.temp=37.3          | heat-room.fan=5
12:14:30  heat-room.temp=37.0          | heat-room.fan=4
12:15:00  heat-room.temp=35.0          | heat-room.fan=off heat-room=idle heat-room.fan.sent=off*1
# 10 K over too_hot: the miners of the zone stop at once, regardless of min_on, until the room is at hot_ok.
12:30:00  heat-room.temp=40.0          | heat-room.fan=10 s21=on
12:35:00  heat-room.temp=45.0          | s21=on
12:40:00  heat-room.temp=49.9          | all:heat-room.fan=10 heat-room.trip=no s21=on:running
12:45:00  heat-room.temp=50.0          | all:s21=on heat-room.trip=yes s21=stopping:trip heat-room=trip alarm=zone_trip/heat-room
12:45:01                               | s21=off:trip s19=off:trip
12:55:00  heat-room.temp=45.1          | all:s21=off:trip heat-room.trip=yes
13:05:00  heat-room.temp=40.2          | all:s21=off:trip
13:08:00  heat-room.temp=37.0          | all:s21=off:trip heat-room.fan=4
13:10:00  heat-room.temp=35.1          | all:s21=off:trip heat-room.trip=yes heat-room.fan=1
13:15:00  heat-room.temp=35.0          | all:s21=off:trip heat-room.trip=no s21=starting:running heat-room.fan=off no-alarm=zone_trip
13:15:01                               | s21=on:running
# The sensor goes silent. Its last value is used for ten minutes; then the fan runs at full level while the miner is on.
13:30:00  heat-room.temp=silent        | heat-room=idle
13:39:30                               | all:heat-room.fan=off no-alarm=sensor_lost
13:39:31                               | heat-room.fan=10 heat-room=sensor_lost:900s alarm=sensor_lost/heat-room s19.zone=blocks s21=on:running
13:54:30                               | all:s21=on all:heat-room.fan=10
13:54:31                               | s21=stopping:trip heat-room.trip=yes
13:54:32                               | s21=off:trip heat-room.fan=10
# After the last miner the fan runs at full level for 180 s.
13:57:31                               | all:heat-room.fan=10 s21=off:trip
13:57:40                               | heat-room.fan=off
14:00:00  heat-room.temp=30.0          | s21=starting:running heat-room.trip=no
