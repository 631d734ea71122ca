# After critical the site recovers: only fans start until V was at restart for an unbroken 300 s. The stage
# survives blindness and a restart of the daemon, but its hold restarts.
12:00:00  v=46.50 pv=0 house=800       | stage=low s21=off:voltage
12:00:10  v=45.00                      | stage=critical alarm=critical s21=off:critical
12:01:00  v=45.19                      | stage=critical
12:01:01  v=45.20                      | stage=recovering
12:05:00  v=47.00                      | stage=recovering
12:05:05  v=49.00                      | stage=recovering
12:05:10  v=50.00 pv=9000              | stage=recovering:300s s21=off:stage
12:10:09                               | all:stage=recovering stage=recovering:1s
12:10:10  v=49.99                      | stage=recovering
12:11:00  v=50.00                      | stage=recovering:300s
12:15:59                               | all:s21=off:stage
12:16:00                               | stage=optimal s21=starting:running
12:16:01                               | s21=on:running
12:30:00  v=48.00                      | s21=on
12:30:01  v=46.01                      | s21=on stage=low
12:30:02  v=44.50                      | stage=critical s21=stopping:critical
12:30:03  v=46.00                      | s21=off stage=recovering
12:30:10  v=48.00                      | stage=recovering
12:30:15  v=49.50                      | stage=recovering
12:30:20  v=51.00                      | stage=recovering:300s s21=off:stage
12:34:00  v=none                       | stage=recovering
12:34:30                               | stage=blind
12:36:00  v=51.00                      | stage=recovering:300s
12:39:00  daemon=killed
12:40:00  daemon=up                    | stage=recovering:300s
12:44:59                               | all:stage=recovering
12:45:00                               | stage=optimal s21=starting:running
