# Spikes up and down: voltd ignores one sample that differs by more than 2.0 V; a second one within 0.5 V or further out
# counts.
set s21.enabled no
12:00:00  v=48.00                      | voltage=48.00 stage=normal
12:00:10  v=45.99                      | voltage=48.00 stage=normal
12:00:11  v=48.00                      | voltage=48.00
# Exactly 2.0 V counts at once.
12:00:20  v=46.00                      | voltage=46.00 stage=low
12:00:21  v=48.00                      | voltage=48.00 stage=normal
# Two high samples: 0.51 V apart on the near side do not agree, 0.50 V do; the nearer of the two counts.
12:00:30  gx=50.60                     | voltage=48.00
12:00:31  gx=50.09                     | voltage=48.00
12:00:32  gx=50.59                     | voltage=50.09 stage=normal
12:00:40  v=48.59                      | voltage=48.59
# A drop into critical waits only for the second sample.
12:01:00  v=44.90                      | voltage=48.59 stage=normal
12:01:01  v=44.80                      | voltage=44.90 stage=critical alarm=critical
12:01:02  v=44.80                      | voltage=44.80
# Above the absolute maximum, in two consecutive samples.
12:10:00  v=59.50                      | voltage=44.80 stage=critical
12:10:01                               | voltage=59.50 stage=recovering
12:15:01                               | stage=full charge=allowed
12:15:10  v=60.01                      | stage=full charge=allowed
12:15:11                               | stage=overvoltage charge=blocked:overvoltage alarm=overvoltage
12:16:00  v=58.01                      | stage=full charge=blocked:overvoltage no-alarm=overvoltage
12:20:00  v=58.00                      | charge=blocked:hold:10m
12:30:00                               | all:charge=blocked charge=allowed:released
# "No data": the last good value is used until it is 10 s old.
12:40:00  gx=none                      | voltage=58.00 source=victron.battery
12:40:09                               | voltage=58.00 source=victron.battery
12:40:10                               | source=sol_ark degraded=yes
