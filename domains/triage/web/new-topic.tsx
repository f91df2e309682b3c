import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { TextField } from '../../../web/ui/text-field.tsx'
import { useDeed } from '../../workspaces/web/index.ts'
import { EXAMPLES_NEEDED } from '../contract.ts'
import { topics } from './calls.ts'
import { exampleLines } from './example-lines.ts'
import { ExamplesField } from './examples-field.tsx'
import { CaughtByTopic } from './topic-preview.tsx'

export function NewTopic({ onClose }: { onClose: () => void }) {
  const { t } = useLingui()
  const [name, setName] = useState('')
  const [text, setText] = useState('')
  const make = useDeed(topics.createTopic, {
    stale: [['topics']],
    onDone: ({ name: made, examples }) => {
      notify(
        examples >= EXAMPLES_NEEDED
          ? t`“${made}” is being learned. In some seconds it is recognised.`
          : t`“${made}” is there. It is recognised once it has ten examples.`,
      )
      onClose()
    },
  })
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t`New topic`} wide>
      <Form
        problem={make.problem}
        onSubmit={() => make.run({ body: { name: name.trim(), examples: exampleLines(text) } })}
      >
        <TextField
          name="name"
          label={t`Name`}
          value={name}
          onValueChange={setName}
          autoFocus
          required
          maxLength={60}
          autoComplete="off"
        />
        <ExamplesField name="examples" value={text} onValueChange={setText} />
        <CaughtByTopic examples={exampleLines(text)} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" look="primary" busy={make.busy}>
            <Trans>Make the topic</Trans>
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
