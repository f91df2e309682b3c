import * as t from 'typebox'
import { Id, IdParams, oneOf, routes } from '#platform/contract/kernel'

export const labelTones = ['plain', 'pine', 'amber', 'blue', 'plum', 'red'] as const
export const Label = t.Object({ id: Id, name: t.String(), tone: oneOf(labelTones) }, { $id: 'Label' })
export type Label = t.Static<typeof Label>

const LabelInput = t.Object({ name: t.String({ minLength: 1, maxLength: 40 }), tone: oneOf(labelTones) })

export const labelRoutes = routes({
  listLabels: {
    method: 'GET',
    path: '/labels',
    summary: 'Labels of the workspace, by name',
    access: 'inbox.read',
    reply: t.Object({ items: t.Array(Label) }),
  },
  createLabel: {
    method: 'POST',
    path: '/labels',
    summary: 'Make a label',
    access: 'inbox.manage_labels',
    body: LabelInput,
    reply: Label,
    problems: ['inbox.label_exists'],
  },
  changeLabel: {
    method: 'PATCH',
    path: '/labels/:id',
    summary: 'Rename or recolour a label',
    access: 'inbox.manage_labels',
    params: IdParams,
    body: t.Partial(LabelInput),
    reply: Label,
    problems: ['inbox.label_exists'],
  },
  archiveLabel: {
    method: 'DELETE',
    path: '/labels/:id',
    summary: 'Retire a label; conversations lose it',
    access: 'inbox.manage_labels',
    params: IdParams,
  },
})
