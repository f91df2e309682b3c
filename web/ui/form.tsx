import { Form as Base } from '@base-ui/react/form'
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { cx } from './cx.ts'
import { Icon } from './icon.tsx'
import { sortProblem, type ProblemReply } from './problem.ts'
import { TriangleAlert } from 'lucide-react'

const NamesContext = createContext<Set<string> | null>(null)

type FormProps = {
  /** Values by field name. Called after the browser's own constraints hold. */
  onSubmit: (values: Record<string, unknown>) => void
  /** The server's last refusal: its field list is shown at the fields, the rest above them. */
  problem?: ProblemReply | null | undefined
  className?: string | undefined
  children: ReactNode
  'aria-label'?: string | undefined
}

export function Form({ onSubmit, problem, className, children, ...rest }: FormProps) {
  const [names] = useState(() => new Set<string>())
  // Fields say their names once they stand: a problem that was there before them is sorted anew then.
  const [stands, setStands] = useState(false)
  useEffect(() => setStands(true), [])
  const sorted = useMemo(() => sortProblem(stands ? problem : null, [...names]), [problem, names, stands])
  return (
    <NamesContext value={names}>
      <Base {...rest} errors={sorted.fields} onFormSubmit={onSubmit} className={cx('flex flex-col gap-4', className)}>
        <FormErrors messages={sorted.rest} />
        {children}
      </Base>
    </NamesContext>
  )
}

/** What is wrong with the form as a whole. Used by Form; by itself where there is no form element. */
export function FormErrors({ messages }: { messages: string[] }) {
  return (
    <div role="alert" className={cx(messages.length === 0 && 'hidden')}>
      {messages.map((message) => (
        <p
          key={message}
          className="flex items-start gap-2 rounded-control border border-overdue px-3 py-2 text-overdue"
        >
          <Icon of={TriangleAlert} className="mt-0.5" />
          {message}
        </p>
      ))}
    </div>
  )
}

/** Tells the form that this name has a place of its own for messages. */
export function useFieldName(name: string | undefined): void {
  const names = useContext(NamesContext)
  useEffect(() => {
    if (!names || !name) return
    names.add(name)
    return () => void names.delete(name)
  }, [names, name])
}
