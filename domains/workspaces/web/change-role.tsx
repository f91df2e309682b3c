import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { Dialog } from '../../../web/ui/dialog.tsx'
import { Form } from '../../../web/ui/form.tsx'
import { RadioGroup } from '../../../web/ui/radio-group.tsx'
import { roleNames, type Member } from '../contract.ts'
import { people } from './calls.ts'
import { useDeed } from './deed.ts'
import { usePresent } from './me.ts'
import { useRoleWords } from './role-words.ts'

export function ChangeRole({ member: { id, name, role }, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useLingui()
  const words = useRoleWords()
  const { role: mine } = usePresent()
  const [chosen, setChosen] = useState(role)
  const change = useDeed(people.changeMember, { stale: [['members'], ['colleagues'], ['me']], onDone: onClose })
  // Nobody gives what they do not have: only an owner makes owners.
  const offered = roleNames.filter((one) => one !== 'owner' || mine === 'owner' || role === 'owner')
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t`Role of ${name}`}>
      <Form problem={change.problem} onSubmit={() => change.run({ params: { id }, body: { role: chosen } })}>
        <RadioGroup
          name="role"
          label={t`Role`}
          hideLabel
          value={chosen}
          onValueChange={setChosen}
          choices={offered.map((value) => ({ value, label: words[value].name, hint: words[value].may }))}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" look="primary" busy={change.busy} disabled={chosen === role}>
            <Trans>Change the role</Trans>
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
