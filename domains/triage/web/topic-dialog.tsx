import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { IconButton } from '../../../web/ui/icon-button.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import { QueryPart, useDeed } from '../../workspaces/web/index.ts'
import type { Topic } from '../contract.ts'
import { topics } from './calls.ts'
import { exampleLines } from './example-lines.ts'
import { ExamplesField } from './examples-field.tsx'
import { examplesQuery } from './queries.ts'
import { CaughtByTopic } from './topic-preview.tsx'

const stale = [['topics']] as const

/** One topic: its name, and what it is learned from. */
export function TopicDialog({ topic, onClose }: { topic: Topic; onClose: () => void }) {
  const { t } = useLingui()
  const { key } = topic
  const examples = useQuery(examplesQuery(key))
  const [name, setName] = useState(topic.name)
  const [text, setText] = useState('')
  const rename = useDeed(topics.changeTopic, { stale })
  const add = useDeed(topics.addTopicExamples, { stale, onDone: () => setText('') })
  const remove = useDeed(topics.removeTopicExample, { stale, loud: true })
  const lines = exampleLines(text)
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={topic.name} wide>
      <div className="flex flex-col gap-5">
        <Form problem={rename.problem} onSubmit={() => rename.run({ params: { key }, body: { name: name.trim() } })}>
          <div className="flex items-end gap-2">
            <TextField
              className="flex-1"
              name="name"
              label={t`Name`}
              value={name}
              onValueChange={setName}
              required
              maxLength={60}
              autoComplete="off"
            />
            <Button type="submit" busy={rename.busy} disabled={name.trim() === topic.name}>
              <Trans>Rename</Trans>
            </Button>
          </div>
        </Form>
        <Form problem={add.problem} onSubmit={() => add.run({ params: { key }, body: { texts: lines } })}>
          <ExamplesField name="texts" value={text} onValueChange={setText} already={topic.examples} />
          <CaughtByTopic examples={lines} topicKey={key} />
          <Button type="submit" className="self-end" busy={add.busy} disabled={lines.length === 0}>
            <Trans>Add them</Trans>
          </Button>
        </Form>
        <QueryPart query={examples}>
          {(items) =>
            items.length === 0 ? (
              <p className="text-muted">
                <Trans>It has no examples of yours yet.</Trans>
              </p>
            ) : (
              <ul aria-label={t`Examples`} className="max-h-72 overflow-y-auto rounded-panel border border-line">
                {items.map(({ id, text: example, from }) => (
                  <li key={id} className="flex items-center gap-2 border-b border-line py-1 ps-3 pe-1 last:border-b-0">
                    <span dir="auto" className="line-clamp-2 min-w-0 flex-1 break-words">
                      {example}
                    </span>
                    {from === 'correction' ? (
                      <span className="shrink-0 text-small text-muted">
                        <Trans>put right by a member</Trans>
                      </span>
                    ) : (
                      <IconButton
                        icon={X}
                        size="small"
                        label={t`Take this example back`}
                        onClick={() => remove.run({ params: { key, exampleId: id } })}
                      />
                    )}
                  </li>
                ))}
              </ul>
            )
          }
        </QueryPart>
      </div>
    </Dialog>
  )
}
