import { Trans, useLingui } from '@lingui/react/macro'
import { CopyPlus, Plus, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { StateDot } from '../../../web/ui/badge.tsx'
import { Button } from '../../../web/ui/button.tsx'
import { Checkbox } from '../../../web/ui/checkbox.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { Menu } from '../../../web/ui/menu.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { faultOf, type Holiday, type Hours, type Interval } from '../contract.ts'
import { fromClock, nextInterval, standingOf, toClock, weekdayNames } from './hours-words.ts'

type HoursEditorProps = {
  value: Hours
  onChange: (hours: Hours) => void
  /** Without holidays: for the first setting-up. */ brief?: boolean
}

/** A week of intervals and the days that are different. Says at once what it means now. */
export function HoursEditor({ value, onChange, brief }: HoursEditorProps) {
  const { i18n } = useLingui()
  const names = weekdayNames(i18n.locale)
  const fault = faultOf(value)
  const setDays = (change: (day: readonly Interval[], at: number) => readonly Interval[]) =>
    onChange({ ...value, weekly: value.weekly.map(change) })
  return (
    <div className="flex flex-col gap-4">
      <HoursStanding hours={value} />
      <ul className="flex flex-col">
        {names.map((name, day) => (
          <DayRow
            key={name}
            name={name}
            intervals={value.weekly[day] ?? []}
            wrong={fault === `weekly.${day}`}
            onChange={(intervals) => setDays((before, at) => (at === day ? intervals : before))}
            onCopy={(to) => setDays((before, at) => (at < to ? (value.weekly[day] ?? []) : before))}
          />
        ))}
      </ul>
      {!brief && (
        <Holidays value={value.holidays} fault={fault} onChange={(holidays) => onChange({ ...value, holidays })} />
      )}
    </div>
  )
}

/** “Open now, closes at 17:00”. */
export function HoursStanding({ hours }: { hours: Hours }) {
  const { i18n } = useLingui()
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000)
    return () => clearInterval(timer)
  }, [])
  if (faultOf(hours)) return null
  const standing = standingOf(hours, now, i18n.locale)
  const closesAt = standing.open ? standing.closesAt : null
  const opensAt = standing.open ? null : standing.opensAt
  return (
    <p className="flex items-center gap-2">
      <StateDot tone={standing.open ? 'resolved' : 'plain'} />
      {standing.open ? (
        closesAt ? (
          <Trans>Open now, closes {closesAt}</Trans>
        ) : (
          <Trans>Always open</Trans>
        )
      ) : opensAt ? (
        <Trans>Closed now, opens {opensAt}</Trans>
      ) : (
        <Trans>Never open</Trans>
      )}
    </p>
  )
}

type DayRowProps = {
  name: string
  intervals: readonly Interval[]
  wrong: boolean
  onChange: (intervals: readonly Interval[]) => void
  /** Five for the working days, seven for all. */
  onCopy: (to: 5 | 7) => void
}

function DayRow({ name, intervals, wrong, onChange, onCopy }: DayRowProps) {
  const { t } = useLingui()
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1 border-b border-line py-2 last:border-b-0">
      <Checkbox
        label={name}
        className="w-32 pt-1"
        checked={intervals.length > 0}
        onCheckedChange={(open) => onChange(open ? [{ from: 540, to: 1020 }] : [])}
      />
      <div className="flex min-w-56 flex-1 flex-col gap-1">
        {intervals.length === 0 && (
          <p className="flex h-control items-center text-muted">
            <Trans>Closed</Trans>
          </p>
        )}
        <IntervalRows day={name} intervals={intervals} onChange={onChange} />
        {wrong && (
          <p role="alert" className="text-small text-overdue">
            <Trans>Each interval has to end after it begins, and none may overlap another.</Trans>
          </p>
        )}
      </div>
      <Menu
        align="end"
        trigger={<IconButton icon={CopyPlus} size="small" label={t`Copy the hours of ${name}`} />}
        groups={[
          {
            items: [
              { label: t`Copy to Monday–Friday`, onSelect: () => onCopy(5) },
              { label: t`Copy to all days`, onSelect: () => onCopy(7) },
            ],
          },
        ]}
      />
    </li>
  )
}

type IntervalRowsProps = {
  day: string
  intervals: readonly Interval[]
  onChange: (intervals: readonly Interval[]) => void
}

function IntervalRows({ day, intervals, onChange }: IntervalRowsProps) {
  const { t } = useLingui()
  const more = intervals.length > 0 && intervals.length < 12 ? nextInterval(intervals) : null
  const set = (at: number, change: Partial<Interval>) =>
    onChange(intervals.map((interval, i) => (i === at ? { ...interval, ...change } : interval)))
  return intervals.map(({ from, to }, at) => (
    // oxlint-disable-next-line react/no-array-index-key -- intervals have no other name than their place
    <div key={at} className="flex items-center gap-1">
      <ClockBox label={t`${day}, opens`} minutes={from} onChange={(from) => set(at, { from })} />
      <span aria-hidden className="text-muted">
        –
      </span>
      <ClockBox label={t`${day}, closes`} minutes={to} end onChange={(to) => set(at, { to })} />
      <IconButton
        icon={X}
        size="small"
        label={t`Remove this interval of ${day}`}
        onClick={() => onChange(intervals.filter((_, i) => i !== at))}
      />
      {at === intervals.length - 1 && more && (
        <IconButton
          icon={Plus}
          size="small"
          label={t`Add an interval to ${day}`}
          onClick={() => onChange([...intervals, more])}
        />
      )}
    </div>
  ))
}

type ClockBoxProps = { label: string; minutes: number; end?: boolean; onChange: (minutes: number) => void }

function ClockBox({ label, minutes, end, onChange }: ClockBoxProps) {
  return (
    <TextField
      type="time"
      label={label}
      hideLabel
      className="w-24 shrink-0 pointer-coarse:w-30 [&_input::-webkit-calendar-picker-indicator]:hidden"
      value={toClock(minutes)}
      onValueChange={(value) => {
        const next = fromClock(value, end)
        if (next !== null) onChange(next)
      }}
    />
  )
}

type HolidaysProps = {
  value: readonly Holiday[]
  fault: string | null
  onChange: (holidays: Holiday[]) => void
}

function Holidays({ value, fault, onChange }: HolidaysProps) {
  const { t } = useLingui()
  const set = (at: number, change: Partial<Holiday>) =>
    onChange(value.map((holiday, i) => (i === at ? { ...holiday, ...change } : holiday)))
  return (
    <section className="flex flex-col gap-2" aria-label={t`Holidays`}>
      <h3>
        <Trans>Days that are different</Trans>
      </h3>
      {value.length === 0 && (
        <p className="text-muted">
          <Trans>None. Holidays that you add here stand in place of the week’s hours on their day.</Trans>
        </p>
      )}
      {value.map((holiday, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- a date may be changed while its row stays
        <div key={at} className="flex flex-wrap items-start gap-2 border-b border-line pb-2">
          <TextField
            type="date"
            label={t`Date`}
            hideLabel
            className="w-40"
            value={holiday.date}
            error={fault === `holidays.${at}` ? t`Choose a date; intervals may not overlap.` : null}
            onValueChange={(date) => date && set(at, { date })}
          />
          <TextField
            label={t`Name of the day`}
            hideLabel
            placeholder={t`New Year’s Day`}
            className="min-w-32 flex-1"
            maxLength={60}
            required
            value={holiday.name}
            onValueChange={(name) => set(at, { name })}
          />
          <div className="flex flex-col gap-1">
            <Checkbox
              label={t`Closed all day`}
              className="pt-1"
              checked={holiday.intervals.length === 0}
              onCheckedChange={(closed) => set(at, { intervals: closed ? [] : [{ from: 540, to: 720 }] })}
            />
            <IntervalRows
              day={holiday.name || holiday.date}
              intervals={holiday.intervals}
              onChange={(intervals) => set(at, { intervals: [...intervals] })}
            />
          </div>
          <IconButton
            icon={X}
            size="small"
            label={t`Remove ${holiday.name || holiday.date}`}
            onClick={() => onChange(value.filter((_, i) => i !== at))}
          />
        </div>
      ))}
      {fault === 'holidays' && (
        <p role="alert" className="text-small text-overdue">
          <Trans>The same date stands here twice.</Trans>
        </p>
      )}
      <div>
        <Button
          size="small"
          icon={Plus}
          onClick={() => onChange([...value, { date: nextFreeDate(value), name: '', intervals: [] }])}
        >
          <Trans>Add a day</Trans>
        </Button>
      </div>
    </section>
  )
}

function nextFreeDate(holidays: readonly Holiday[]): string {
  const taken = new Set(holidays.map(({ date }) => date))
  const date = new Date()
  do date.setUTCDate(date.getUTCDate() + 1)
  while (taken.has(date.toISOString().slice(0, 10)))
  return date.toISOString().slice(0, 10)
}
