// Words of the settings. Descriptions of fields are in /openapi.json; voltd itself provides rejections.

export const words = {
  title: 'Settings',
  battery: 'Battery', miners: 'Miners', zones: 'Zones', site: 'Site', changes: 'Changes', whatif: 'What-if',
  battery_note: 'Thresholds, curve, reserve, limits',
  miners_note: (count) => (count === 1 ? '1 miner' : `${count} miners`),
  zones_note: (count) => (count === 1 ? '1 zone' : `${count} zones`),
  site_note: 'Name, time zone, place, units, wiring',
  changes_note: 'Change history and undo',
  back_to: (place) => `Back to ${place}`,
  not_found: 'This row no longer exists.',
  load_failed: 'The settings could not be read.',
  look_only: 'Sign in to change these settings.',
  explain: 'Explain the fields',
  yes: 'yes', no: 'no', none: 'none', null_value: 'not set',
  form: {
    draft: 'Draft',
    count: (count) => (count === 1 ? '1 change' : `${count} changes`),
    fresh: 'Not added yet',
    check: 'Check effect', save: 'Save', add: 'Add', discard: 'Discard',
    was: (value) => `was ${value}`,
    less: (label) => `Less: ${label}`, more: (label) => `More: ${label}`,
    mend: (count) => (count === 1 ? 'One field is invalid.' : `${count} fields are invalid.`),
    saved: 'Saved and active.', nothing: 'Nothing changed.', undo: 'Undo',
    no_answer: 'No answer. This may or may not have been saved; the page checks when the connection is back.',
    no_answer_try: 'No answer. Nothing was saved.',
    was_saved: 'It had been saved.', was_not_saved: 'It was not saved. Your changes are still here.',
    moved_aside: 'Someone else saved other fields first. Check them, then save again.',
    moved: 'Someone else saved first. Choose which values to keep.',
    mine: (value) => `Keep yours: ${value}`, theirs: (value) => `Take theirs: ${value}`,
    warnings: 'Saved with warnings',
    discard_ask: 'Discard the draft?', discard_text: (count) => (count === 1 ? '1 change is lost.' : `${count} changes are lost.`),
    keep: 'Keep editing',
    leave_ask: 'Leave without saving?',
    leave_text: (count) => (count === 1 ? '1 change is not saved.' : `${count} changes are not saved.`),
    leave_keep: 'Leave, keep the draft', leave_discard: 'Leave and discard', stay: 'Stay here',
    kept: (place) => `Your draft for ${place} was kept.`, gone: (name) => `${name} was deleted elsewhere. Your draft was discarded.`, go_back: 'Go back',
  },
  effect: {
    title: 'Effect of these changes',
    now: 'Right now', no_orders: 'Nothing switches right now.',
    unknown: 'The effect right now is unknown: the control loop did not answer in time.',
    order: (name, order, reason) => `${name} ${order}: ${reason}`, load: (name, output) => `${name} (${output})`,
    loads: 'Then', verdict: (name, wanted, text) => `${name}: ${wanted}. ${text}`,
    on: 'ON', off: 'OFF', level: (level) => `to level ${level}`,
    warnings: 'Warnings', no_warnings: 'No new warnings.',
    changes: 'Changes', field: 'Field', before: 'Before', after: 'After',
    added: (row) => `${row} is added`, removed: (row) => `${row} is removed`,
    save: 'Save', cancel: 'Cancel', close: 'Close',
  },
  past: {
    lead: 'Replays your drafts over recorded readings of this site. Nothing is switched or saved.', choose: 'Change settings and keep them as a draft',
    ranges: { 6: 'Last 6 h', 24: 'Last 24 h', 72: 'Last 72 h' }, day: 'Replay my last 24 h', wait: 'Replaying …',
    head: ['', 'Recorded', 'As is', 'Changed'], as_is: 'as is', changed: 'changed', lowest: 'Lowest voltage', critical: 'Time critical',
    tally: (runs, hours, kwh) => `${runs === 1 ? '1 run' : runs + ' runs'}, ${hours} h, ${kwh} kWh`, minutes: (count) => `${count} min`,
    covered: (percent, time) => `${percent} % of the range was replayed, up to ${time}.`, order: (time, replay, text) => `${time}, ${replay}: ${text}`,
  },
  guard: {
    title: 'End the charging guard?',
    text: 'Charging a LiFePO4 battery below freezing damages it. Nothing will prevent that anymore.',
    end: 'End the guard', keep: 'Keep the guard',
  },
  refused: { title: 'Not done', close: 'Close' },
  thresholds: {
    title: 'Voltage thresholds', voltage_low: 'Low', voltage_critical_low: 'Critical', voltage_full: 'Full', voltage_float: 'Float',
  },
  curve: {
    title: 'Voltage curve', points: 'Points', point: (number) => `Point ${number}`,
    live: (volts, now) => `${volts} reads ${now}.`,
    live_draft: (volts, now, then) => `${volts} now reads ${now}, would read ${then}.`,
    blind: 'No usable voltage now.',
    voltage: 'Volts', soc: 'Percent', add_label: (number) => `Add a point after point ${number}`,
    remove_label: (number) => `Remove point ${number}`,
    in_force: 'current', draft: 'draft', week: 'minutes of the last 7 days at each voltage', no_week: 'no record of the last 7 days',
    chart: 'Voltage curve. Drag a point, or select one and use the arrow keys. The table has the same points.',
    value: (volts, soc) => `${volts}, ${soc}`, full: 'A curve has at most 32 points.',
  },
  limits: { title: 'Reserve and limits', learned: (mohm, name) => `learned: ${mohm} mΩ by ${name}`, night: 'Night' },
  row: {
    order: 'Order', disabled: 'disabled', empty: 'None yet.', copy: 'Copy', disable: 'Disable', enable: 'Enable', remove: 'Delete',
    copy_of: (name) => `${name} copy`, output_used: (id, by) => `${id}, used by ${by}`, output_gone: (id) => `${id}, not in voltd.yaml`,
    disable_title: (name) => `Disable ${name}?`, enable_title: (name) => `Enable ${name}?`, remove_title: (name) => `Delete ${name}?`,
    remove_text: 'Its history is kept. Undo restores it.', removed: (name) => `${name} was deleted.`,
  },
  miner: {
    add: 'Add a miner', fresh: 'New miner', actions: 'This miner', what: 'What it is', voltages: 'Voltages', sun: 'Sun and weather', hours: 'Hours',
    limits: 'Limits', output: 'Output', line: (start, stop, power) => `Start ${start} · Stop ${stop} · ${power}`,
    all_day: 'All day', window: (from, to, hours) => `${from} to ${to}, ${hours}`, across: (from, to, hours) => `${from} to ${to}, ${hours}, across midnight`,
    outside: 'It may also run outside these hours, so they have no effect.', now: (time) => `now ${time}`,
    output_none: 'No output: it cannot run', zone_none: 'No zone',
  },
  zone: {
    add: 'Add a zone', fresh: 'New zone', actions: 'This zone', what: 'What it is', temperatures: 'Temperatures', fan: 'Fan', heat: 'Heat', guard: 'Charging guard',
    line: (now, cold, hot) => `now ${now} · ${cold} to ${hot}`, levels: (low, high, full) => `Level 1 from ${low}, level ${full} from ${high}.`,
    fixed: (full) => `Always level ${full} while it runs.`, level_scale: 'Level of the fan by temperature', guards: 'guards charging',
    no_sensor: 'No sensor', no_fan: 'No fan', no_heater: 'No heater', sensor_gone: (id) => `${id}, no report`,
    guard_text: (limit) => `Charging is blocked below ${limit}.`, guard_off: 'This zone does not guard charging.',
  },
  place: {
    identity: 'Name and place', name: 'Name', name_note: 'from voltd.yaml', display: 'Display', theme: 'Theme of this browser',
    wiring: 'Wiring (voltd.yaml)', wiring_note: 'Addresses, topics and relays are in this file. Edit it on the computer; voltd reads it again on reload.',
    file: (path, time) => (time ? `${path}, read ${time}` : `${path} was rejected; voltd uses the last good copy`), findings: 'Problems found', no_findings: 'No problems found.', remedy: (text) => `To do: ${text}`,
  },
  log: {
    none: 'No changes yet.', more: 'Older changes', number: (number) => `Change ${number}`,
    who: { sql: 'directly in the database', migration: 'by voltd at its first start', rollback: 'by a rollback to an older voltd', repair: 'by voltd, as a repair', owner: 'by the owner' },
    by: (who) => `by ${who}`, added: (row) => `${row} added`, removed: (row) => `${row} removed`,
    undo: 'Undo', undo_title: (number) => `Undo change ${number}?`, undone: (number) => `Change ${number} was undone.`,
    site_row: 'Battery and site',
  },
};

/// Names of fields.
export const labels = {
  voltage_curve: 'Curve', voltage_at_0_percent: 'Volts at 0 %', voltage_at_100_percent: 'Volts at 100 %',
  voltage_shutdown: 'Shutdown', voltage_critical_low: 'Critical', voltage_low: 'Low', voltage_restart: 'Restart', voltage_optimal_min: 'Optimal from',
  voltage_optimal_max: 'High from', voltage_float: 'Float', voltage_absorption: 'Absorption', voltage_full: 'Full', battery_absolute_max: 'Absolute maximum',
  max_battery_discharge_w: 'Max battery discharge', inverter_max_w: 'Max inverter power', internal_resistance_mohm: 'Internal resistance', reserve_voltage: 'Reserve',
  display_mode: 'Show first', temperature_unit: 'Temperatures in', timezone: 'Time zone', latitude: 'Latitude', longitude: 'Longitude', operating_mode: 'Mode',
  bank_wh: 'Bank capacity', budget_floor_percent: 'Budget floor', bridge_wh: 'Bridge for clouds',
  name: 'Name', slug: 'Short name', model: 'Model', hashrate_ths: 'Hash rate', power_draw_w: 'Power', priority_level: 'Order', start_voltage: 'Start at',
  stop_voltage: 'Stop below', emergency_stop_voltage: 'Emergency stop', require_excess_solar: 'Excess solar power only', minimum_excess_w: 'Excess to start', minimum_solar_w: 'Minimum PV',
  require_sunny: 'Sunny weather only', preferred_start: 'From', preferred_end: 'To', allow_outside_schedule: 'May run outside these hours', min_on_s: 'Minimum run',
  min_off_s: 'Minimum rest', max_starts_per_hour: 'Max starts per hour', max_runtime_h_day: 'Max run time per day', max_continuous_h: 'Max continuous run',
  control_method: 'Switched by', device_id: 'Output', hvac_zone_id: 'Zone', enabled: 'Enabled',
  zone_name: 'Name', zone_type: 'Zone type', temp_too_hot: 'Too hot', temp_hot_ok: 'Cool enough', temp_too_cold: 'Too cold', temp_cold_ok: 'Warm enough',
  exhaust_fan_enabled: 'voltd controls the fan', exhaust_fan_device_id: 'Fan', fan_speed_mode: 'Speed', fan_max_level: 'Highest level', heating_enabled: 'voltd heats the zone',
  heating_priority_1: 'Heats first', heating_priority_2: 'Then', heater_device_id: 'Heater', heater_power_w: 'Heater power', minimum_solar_for_heating_w: 'Minimum PV for heat',
  block_charging_enabled: 'Blocks charging in the cold', block_charging_below_c: 'Blocks below', sensor_id: 'Temperature sensor',
};

/// Meanings of the words of an enumeration.
export const choices = {
  display_mode: { voltage: 'Voltage', soc: 'State of charge' },
  temperature_unit: { C: '°C', F: '°F' },
  operating_mode: { aggressive: 'Aggressive', balanced: 'Balanced', conservative: 'Conservative', opportunistic: 'Opportunistic', off: 'Off' },
  fan_speed_mode: { auto: 'By temperature', fixed: 'Always the highest level' },
  heating_priority_1: { miner: 'A miner of the zone', heater: 'The heater', none: 'Nothing' },
  heating_priority_2: { miner: 'A miner of the zone', heater: 'The heater', none: 'Nothing' },
  control_method: { relay: 'Relay' },
};

/// Units of the number fields.
export const units = {
  max_battery_discharge_w: 'W', inverter_max_w: 'W', internal_resistance_mohm: 'mΩ', reserve_voltage: 'V', latitude: '°', longitude: '°', bank_wh: 'Wh',
  budget_floor_percent: '%', bridge_wh: 'Wh', hashrate_ths: 'TH/s', power_draw_w: 'W', minimum_excess_w: 'W', minimum_solar_w: 'W', min_on_s: 's', min_off_s: 's',
  max_runtime_h_day: 'h', max_continuous_h: 'h', heater_power_w: 'W', minimum_solar_for_heating_w: 'W', block_charging_below_c: '°C',
};

/// Fields with a self-explanatory name: their description is not repeated.
export const plain = ['name', 'zone_name', 'power_draw_w', 'hvac_zone_id', 'min_off_s', 'max_starts_per_hour', 'max_runtime_h_day', 'max_continuous_h',
  'require_sunny', 'fan_max_level', 'heater_power_w', 'exhaust_fan_enabled', 'heating_enabled', 'minimum_solar_w', 'allow_outside_schedule', 'preferred_end',
  'block_charging_enabled', 'temperature_unit', 'inverter_max_w', 'hashrate_ths', 'zone_type'];
