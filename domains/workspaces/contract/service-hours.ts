import * as t from 'typebox'
import { Id, IdParams, routes } from '#platform/contract/kernel'
import { Holidays, Weekly } from './hours.ts'
import { TimeZone } from './sign-in.ts'

const fields = {
  name: t.String({ minLength: 1, maxLength: 60, pattern: '\\S' }),
  timeZone: TimeZone,
  weekly: Weekly,
  holidays: Holidays,
}
export const ServiceHours = t.Object({ id: Id, ...fields, isDefault: t.Boolean() }, { $id: 'ServiceHours' })
export type ServiceHours = t.Static<typeof ServiceHours>
const Input = t.Object({ ...fields, isDefault: t.Optional(t.Boolean()) })

const problems = ['workspaces.hours_overlap', 'workspaces.unknown_time_zone', 'workspaces.default_hours'] as const

export const serviceHoursRoutes = routes({
  listServiceHours: {
    method: 'GET',
    path: '/service-hours',
    summary: 'Service hours of the workspace, the default ones first',
    access: 'member',
    reply: t.Object({ items: t.Array(ServiceHours) }),
  },
  createServiceHours: {
    method: 'POST',
    path: '/service-hours',
    summary: 'Make service hours; as default they replace the present default',
    access: 'hours.manage',
    body: Input,
    reply: ServiceHours,
    problems,
  },
  changeServiceHours: {
    method: 'PATCH',
    path: '/service-hours/:id',
    summary: 'Change service hours; what is left out stays',
    access: 'hours.manage',
    params: IdParams,
    body: t.Partial(Input),
    reply: ServiceHours,
    problems,
  },
  removeServiceHours: {
    method: 'DELETE',
    path: '/service-hours/:id',
    summary: 'Remove service hours; the default ones stay',
    access: 'hours.manage',
    params: IdParams,
    problems,
  },
})
