// Every word of the page, by meaning. Sentences of voltd itself come from voltd.

export const words = {
  common: {
    close: 'Close',
    cancel: 'Cancel',
    reload: 'Reload',
    try_now: 'Try now',
    part_failed: 'This part failed',
    view_failed: 'This view could not be loaded.',
    no_such_view: 'There is no such page.',
    to_now: 'To Now',
    no_value: 'no value',
    loading: 'Loading…',
    still_trying: 'Still trying to reach voltd …',
    no_answer: 'No answer from voltd. Nothing may have been done: check before you repeat it.',
    unknown_error: (status) => `voltd refused this (${status}).`,
  },
  nav: {
    label: 'Views', now: 'Now', history: 'History', alarms: 'Alarms', more: 'More', settings: 'Settings', outputs: 'Outputs',
    sources: 'Sources', system: 'System', load: 'Load', login: 'Sign in',
    alarm_count: (count) => (count === 1 ? '1 alarm' : `${count} alarms`),
    skip: 'Skip to content',
  },
  link: {
    ago: (time) => `${time} ago`,
    cut: (since) => `No connection since ${since}. Below are the values of then; voltd goes on by itself.`,
    cut_never: 'No connection to voltd.',
    stuck: (since) => `voltd answers but has not decided since ${since}. Run “voltctl doctor” on the computer it runs on.`,
    other_version: 'voltd was updated.',
    refused_name: 'voltd does not serve the page under this name.',
    reason_cut: 'Not while the connection is lost.',
    reason_view: 'Sign in to change anything.',
    reason_framed: 'This page is shown inside another one; open it by itself to change anything.',
  },
  live_region: {
    stage: (stage) => `Battery: ${stage}`,
    load: (name, state) => `${name}: ${state}`,
    alarm: (text) => `Alarm: ${text}`,
    alarm_over: 'An alarm ended',
  },
  more: {
    title: 'More',
    theme: 'Theme', theme_auto: 'As the device', theme_dark: 'Dark', theme_light: 'Light',
    wall: 'Wall view', wall_note: 'Now, larger and without controls, for a tablet on the wall',
    settings_note: 'Battery, miners, zones, site, changes',
    outputs_note: 'Relays and fans: what is ordered, reported, measured',
    sources_note: 'Where the readings come from',
    system_note: 'Versions, database, sessions, backup',
    sign_in: 'Sign in to change', sign_out: 'Sign out',
    signed_in: (name, role) => `Signed in as ${name} (${role})`,
    signed_out: 'Signed out',
  },
  roles: { view: 'may look', propose: 'may try', operate: 'may change' },
  states: { off: 'off', starting: 'starting', on: 'on', stopping: 'stopping', unknown: 'unknown', fault: 'fault' },
  stages: {},
  now: {
    title: 'Now',
  },
  load: {
  },
  alarms: {
  },
  login: {
    title: 'Sign in',
  },
};
