import { expect, test } from 'vitest'
import type { SettingsSchema } from '../../../web/ui/schema-fields.ts'
import { fieldProblem, formSchema, settingsChange, withConnections } from './form-settings.ts'

const schema: SettingsSchema = {
  type: 'object',
  required: ['token'],
  properties: {
    greeting: { type: 'string' },
    token: { type: 'string', format: 'password' },
    made: { type: 'string', format: 'password' },
  },
}

test('connecting asks only for secrets that Rapport cannot make', () => {
  expect(Object.keys(formSchema(schema, true).properties)).toEqual(['greeting', 'token'])
  expect(Object.keys(formSchema(schema, false).properties)).toEqual(['greeting', 'token', 'made'])
})

test('a secret that a choice calls for is asked for while connecting', () => {
  const chosen = {
    ...schema.properties,
    pasted: { type: 'string', format: 'password', when: { way: 'paste' } } as const,
  }
  expect(Object.keys(formSchema({ ...schema, properties: chosen }, true).properties)).toContain('pasted')
})

test('an emptied box takes its setting away, and an untouched secret stays', () => {
  expect(settingsChange(schema, {}, { greeting: 'Hello' })).toEqual({ greeting: null })
  expect(settingsChange(schema, { greeting: 'Hi' }, { greeting: 'Hello' })).toEqual({ greeting: 'Hi' })
})

test('what is wrong with one line of a list stands at the list', () => {
  const fields = [{ path: 'settings.origins.0', message: 'is not as asked for' }]
  expect(fieldProblem({ code: 'x', message: 'y', fields }).fields?.[0]?.path).toBe('settings.origins')
})

test('a setting that names another connection offers those that can do it, and is not asked where there is none', () => {
  const naming: SettingsSchema = {
    type: 'object',
    properties: {
      greeting: { type: 'string' },
      through: { type: 'string', connectionThat: 'carriesOn' },
      after: { type: 'integer', needs: 'through' },
    },
  }
  const post = { id: 'post', name: 'Post', capabilities: { carriesOn: true } }
  const wall = { id: 'wall', name: 'Wall', capabilities: { carriesOn: false } }
  expect(withConnections(naming, [wall, post], 'None').properties['through']?.anyOf).toEqual([
    { const: '', title: 'None' },
    { const: 'post', title: 'Post' },
  ])
  expect(Object.keys(withConnections(naming, [wall], 'None').properties)).toEqual(['greeting'])
  // One that is gone can still be taken away.
  const left = withConnections(naming, [wall], 'None', { through: 'gone' }).properties
  expect(Object.keys(left)).toEqual(['greeting', 'through', 'after'])
})
