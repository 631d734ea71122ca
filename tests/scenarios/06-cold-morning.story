# A cold morning. The miner is asked first, but the bank is too low for it; after ten minutes the heater takes over. When the voltage rises, the miner
# preempts the heater. The bank is not charged until it has been warm for ten minutes.
07:00:00  v=49.90 pv=3999 house=1850 heat-room.temp=-2.0 main-room.temp=10.0 battery-temp=-0.1 | charge=blocked:cold heat-room=no_solar s21=off:voltage
07:10:00  pv=4000                      | all:heat-room.heat=none all:heat-room=no_solar alarm=charge_not_blocked
07:10:59                               | all:heat-room=no_solar
07:11:00                               | heat-room=too_cold heat-room.heat=miner s21=off:voltage heat-room.heater=off:zone
07:20:59                               | all:heat-room.heat=miner all:heat-room.heater=off all:heat-room.fan=off
07:21:00                               | heat-room.heat=heater heat-room.heater=starting:heat heat-room.heater.sent=on*1
07:21:01                               | heat-room.heater=on:heat main-room.heater=off
# 50.00 V for a minute: all gates but power pass, and the heater must make room 30 s later.
07:40:00  v=50.00                      | all:heat-room.heater=on s21=off:power s21.power=blocks:650/3878 s21.voltage=hold:50.00/50.00:60s
07:41:29                               | all:heat-room.heater=on all:s21=off
07:41:30                               | heat-room.heater=stopping:preempted s21=off:*
07:41:31                               | heat-room.heater=off
07:42:29                               | all:s21=off all:heat-room.heater=off s21.power=hold
+1s                                    | s21=starting:running heat-room.heater=off
+1s                                    | s21=on:running heat-room.heat=heater
# It has drawn its power for ten minutes: the heater is no longer asked.
07:55:00                               | all:s21=on all:heat-room.heater=off heat-room.heat=miner
08:00:00  heat-room.temp=4.9..5.0      | heat-room.heat=miner s21=on
08:10:00  heat-room.temp=5.0           | heat-room.heat=none heat-room=idle heat-room.heater=off s21=on:running
# The guard releases 2 K above the limit after ten minutes. 1.9 K is not enough, and a moment below restarts the time.
08:20:00  battery-temp=1.9             | all:charge=blocked:cold
08:40:00  battery-temp=2.0             | all:charge=blocked:cold charge=blocked:hold:10m
08:49:30  battery-temp=1.9             | all:charge=blocked:hold charge=blocked:cold
08:50:00  battery-temp=2.0             | charge=blocked:hold:10m
08:59:59                               | all:charge=blocked:hold
09:00:00                               | charge=allowed:released no-alarm=charge_not_blocked
09:10:00  battery-temp=0.0             | all:charge=allowed charge=allowed
09:20:00  battery-temp=-0.1            | all:charge=allowed charge=blocked:cold
# Its sensor fails: the order is kept for 15 min. Then the last value is under the limit + 5 K: still blocked, with an alarm.
09:30:00  battery-temp=none            | charge=blocked:sensor_lost no-alarm=charge_guard_blind
09:44:59                               | all:charge=blocked:sensor_lost no-alarm=charge_guard_blind
09:45:00                               | charge=blocked:sensor_lost alarm=charge_guard_blind
