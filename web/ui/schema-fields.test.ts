import { expect, it } from 'vitest'
import {
  decidingSettings,
  isAsked,
  settingGroups,
  settingsOf,
  settingValues,
  type SettingsSchema,
} from './schema-fields.ts'

const schema: SettingsSchema = {
  type: 'object',
  required: ['name', 'token'],
  properties: {
    name: { type: 'string', title: 'Name' },
    token: { type: 'string', format: 'password' },
    endpoint: { type: 'string', format: 'uri' },
    pollEverySeconds: { type: 'integer', minimum: 5 },
    isPublic: { type: 'boolean' },
    region: { enum: ['eu_west', 'us'] },
    colour: { anyOf: [{ const: 'a', title: 'Apple green' }, { const: 'b' }] },
  },
}

it('each setting gets the control of its type', () => {
  expect(settingsOf(schema).map(({ name, kind }) => [name, kind])).toEqual([
    ['name', 'text'],
    ['token', 'secret'],
    ['endpoint', 'url'],
    ['pollEverySeconds', 'integer'],
    ['isPublic', 'boolean'],
    ['region', 'choice'],
    ['colour', 'choice'],
  ])
})

it('a setting without a title is named by its key, in words', () => {
  const [, , , poll, , region, colour] = settingsOf(schema)
  expect(poll?.label).toBe('Poll every seconds')
  expect(region?.choices[0]).toEqual({ value: 'eu_west', label: 'Eu west' })
  expect(colour?.choices.map(({ label }) => label)).toEqual(['Apple green', 'B'])
})

it('a shape that no control can draw is refused by name', () => {
  const nested = { type: 'object', properties: { list: { type: 'array' } } } as unknown as SettingsSchema
  expect(() => settingsOf(nested)).toThrow('setting list')
})

it('numbers come out as numbers, blanks as missing keys, switches always as an answer', () => {
  const raw = {
    name: ' Shop ',
    token: '',
    endpoint: '  ',
    pollEverySeconds: '30',
    isPublic: false,
    region: 'us',
    colour: null,
  }
  expect(settingValues(settingsOf(schema), raw)).toEqual({
    name: 'Shop',
    pollEverySeconds: 30,
    isPublic: false,
    region: 'us',
  })
})

it('spaces belong to a secret', () => {
  expect(settingValues(settingsOf(schema), { token: ' s3cret ' })).toEqual({ token: ' s3cret ', isPublic: false })
})

it('a list is written one a line, and empty lines are none', () => {
  const settings = settingsOf({ type: 'object', properties: { sites: { type: 'array', items: { type: 'string' } } } })
  expect(settingValues(settings, { sites: 'https://a.example\n\n  https://b.example ' })).toEqual({
    sites: ['https://a.example', 'https://b.example'],
  })
  expect(settings[0]?.kind).toBe('lines')
  expect(settingValues(settings, { sites: '' })).toEqual({ sites: [] })
})

const grouped = settingsOf({
  type: 'object',
  properties: {
    host: { type: 'string', group: 'Server', when: { way: 'fetch' } },
    way: { enum: ['fetch', 'push'], default: 'fetch' },
    open: { type: 'boolean' },
    user: { type: 'string', group: 'Server', when: { way: ['fetch', 'push'], open: false } },
    limit: { type: 'integer', group: 'More', advanced: true },
  },
})

it('settings stand in the groups that they name, what stands for itself first', () => {
  expect(settingGroups(grouped)).toEqual([
    { title: '', names: ['way', 'open'], folded: false },
    { title: 'Server', names: ['host', 'user'], folded: false },
    { title: 'More', names: ['limit'], folded: true },
  ])
})

it('a setting is asked for while those that it hangs on hold, by choice or by default', () => {
  const asked = (values: Parameters<typeof isAsked>[2]) =>
    grouped.filter((setting) => isAsked(setting, grouped, values)).map(({ name }) => name)
  expect(decidingSettings(grouped)).toEqual(new Set(['way', 'open']))
  expect(asked({})).toEqual(['host', 'way', 'open', 'user', 'limit'])
  expect(asked({ way: 'push' })).toEqual(['way', 'open', 'user', 'limit'])
  expect(asked({ open: true })).toEqual(['host', 'way', 'open', 'limit'])
})
