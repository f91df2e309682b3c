import { Mail, Search } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { Combobox, ComboboxMany } from '../ui/combobox.tsx'
import { CounterRing } from '../ui/counter-ring.tsx'
import { Form } from '../ui/form.tsx'
import { Icon } from '../ui/icon.tsx'
import { Panel } from '../ui/panel.tsx'
import type { ProblemReply } from '../ui/problem.ts'
import { RadioGroup } from '../ui/radio-group.tsx'
import type { SettingsSchema } from '../ui/schema-fields.ts'
import { SchemaForm } from '../ui/schema-form.tsx'
import { Select } from '../ui/select.tsx'
import { Switch } from '../ui/switch.tsx'
import { TextArea } from '../ui/text-area.tsx'
import { TextField } from '../ui/text-field.tsx'
import { Line, Part } from './part.tsx'

const zones = ['Europe/Berlin', 'Europe/Lisbon', 'America/Lima', 'Asia/Tokyo', 'Africa/Nairobi'].map((value) => ({
  value,
  label: value.replace('/', ' / '),
}))
const roles = [
  { value: 'agent', label: 'Agent', hint: 'Answers and resolves' },
  { value: 'lead', label: 'Lead', hint: 'Also assigns, and sees reports' },
  { value: 'viewer', label: 'Viewer', disabled: true },
]
const schema: SettingsSchema = {
  type: 'object',
  required: ['host', 'token', 'security'],
  properties: {
    sites: {
      type: 'array',
      items: { type: 'string' },
      title: 'Allowed sites',
      description: 'One a line.',
      default: ['https://shop.example', 'https://help.example'],
    },
    host: {
      type: 'string',
      title: 'Address',
      format: 'uri',
      description: 'Where messages are fetched from.',
      examples: ['https://mail.example.org'],
    },
    token: {
      type: 'string',
      title: 'Access token',
      format: 'password',
      description: 'Kept encrypted. Nobody can read it back.',
    },
    security: { enum: ['tls', 'start_tls'], title: 'Security', default: 'tls' },
    pollEverySeconds: { type: 'integer', minimum: 5, maximum: 3600, default: 30 },
    public: { type: 'boolean', title: 'Answers are public', description: 'Everybody can read them.' },
  },
}
const refused: ProblemReply = {
  code: 'invalid',
  message: 'Refused',
  fields: [
    { path: '/body/host', message: 'This machine does not answer on port 443.' },
    { path: '/body/quota', message: 'The quota of this workspace is used up.' },
  ],
}

export function Fields() {
  const [zone, setZone] = useState<string | null>('Europe/Lisbon')
  const [labels, setLabels] = useState(['Europe/Berlin', 'Asia/Tokyo'])
  const [on, setOn] = useState(true)
  const [problem, setProblem] = useState<ProblemReply | null>(null)
  return (
    <Part title="Filled in">
      <div className="grid gap-6 tablet:grid-cols-2 laptop:grid-cols-3">
        <TextField label="Name" defaultValue="Ada Lovelace" />
        <TextField
          label="Address"
          type="email"
          placeholder="you@example.org"
          before={<Icon of={Mail} />}
          hint="Only colleagues see it."
        />
        <TextField label="Site" error="Write a whole address, with https." defaultValue="example" />
        <TextField label="Key" mono readOnly defaultValue="cn_01JD9Z0A7" optional />
        <TextField label="Closed" disabled defaultValue="Not yours to change" />
        <TextField label="Search people" hideLabel placeholder="Search people" before={<Icon of={Search} />} />
        <TextArea label="Note" placeholder="What should colleagues know?" />
        <TextArea
          label="Reply"
          defaultValue={
            'Thank you for waiting.\n\nYour bag was found in Lisbon and flies with TP 532 tonight. It is brought to your door tomorrow before noon.\n\nAda'
          }
        />
        <div className="flex flex-col gap-4">
          <Select label="Role" choices={roles} defaultValue="agent" />
          <Select label="Team" choices={roles} placeholder="Nobody yet" error="Choose a team." />
        </div>
        <Combobox label="Time zone" choices={zones} value={zone} onValueChange={setZone} />
        <ComboboxMany
          label="Offices"
          choices={zones}
          value={labels}
          onValueChange={setLabels}
          placeholder="Add an office"
        />
        <Line>
          <CounterRing used={120} limit={300} />
          <CounterRing used={288} limit={300} />
          <CounterRing used={307} limit={300} />
        </Line>
        <div className="flex flex-col gap-2">
          <Checkbox label="Send me a copy" defaultChecked />
          <Checkbox label="Some of them" mixed />
          <Checkbox label="Not chosen" hint="With a sentence below." />
          <Checkbox label="Closed" disabled />
          <Checkbox label="Accept the rules" error="This one is needed." />
        </div>
        <RadioGroup
          label="Who may see it"
          choices={[
            { value: 'all', label: 'Everybody', hint: 'Colleagues in every team' },
            { value: 'team', label: 'My team' },
            { value: 'me', label: 'Only me', disabled: true },
          ]}
          defaultValue="all"
        />
        <div className="flex flex-col gap-3">
          <Switch label="Sound" checked={on} onCheckedChange={setOn} hint="One quiet tone for a new message." />
          <Switch label="Off" />
          <Switch label="Closed" disabled />
        </div>
      </div>
      <div className="grid items-start gap-6 laptop:grid-cols-2">
        <Panel title="From a settings schema">
          <SchemaForm
            schema={schema}
            kept={['token']}
            problem={problem}
            submitLabel="Connect"
            actions={<Button look="plain">Cancel</Button>}
            onSubmit={() => setProblem(refused)}
            values={{ host: 'https://mail.example.org' }}
          />
        </Panel>
        <Panel title="With the server's refusal">
          <RefusedForm />
        </Panel>
      </div>
    </Part>
  )
}

/** The reply comes after the fields are there, as it does in life. */
function RefusedForm() {
  const [problem, setProblem] = useState<ProblemReply | null>(null)
  return (
    <Form problem={problem} onSubmit={() => setProblem({ ...refused })}>
      <TextField name="host" label="Address" defaultValue="https://mail.example.org" />
      <div className="flex justify-end">
        <Button type="submit" look="primary">
          Ask the server
        </Button>
      </div>
    </Form>
  )
}
