export const LEARN_TASK = 'triage.learn'
/** After the last of a row of corrections. */
export const LEARN_DELAY_MS = 5_000
/** From so many on something is learned; fewer teach chance. */
export const CORRECTIONS_NEEDED = 20
