// Moments that people mean when they put something away. Pure; in the reader's own time.

export interface SnoozeChoice {
  readonly id: 'later' | 'evening' | 'tomorrow' | 'monday' | 'week'
  readonly until: Date
}

/** Those of the usual moments that still make sense now, soonest first. */
export function snoozeChoices(now: Date): SnoozeChoice[] {
  const at = (days: number, hour: number): Date =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour, 0, 0, 0)
  const toMonday = (8 - now.getDay()) % 7 || 7
  const choices: SnoozeChoice[] = [{ id: 'later', until: new Date(now.getTime() + 3 * 3_600_000) }]
  if (now.getHours() < 15) choices.push({ id: 'evening', until: at(0, 18) })
  choices.push({ id: 'tomorrow', until: at(1, 9) })
  // On a Sunday Monday is tomorrow already; the week after is meant by next week.
  if (toMonday > 1) choices.push({ id: 'monday', until: at(toMonday, 9) })
  choices.push({ id: 'week', until: at(7, 9) })
  return choices.toSorted((a, b) => a.until.getTime() - b.until.getTime())
}
