import { setupI18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { permissionNames } from '../contract.ts'
import { usePermissionWords } from './permission-words.ts'

test('every permission is put into words', () => {
  const i18n = setupI18n({ locale: 'en', messages: { en: {} } })
  const seen: string[] = []
  function Look() {
    for (const { permissions } of usePermissionWords()) seen.push(...permissions.map(({ name }) => name))
    return null
  }
  renderToString(
    <I18nProvider i18n={i18n}>
      <Look />
    </I18nProvider>,
  )
  expect(seen.toSorted()).toEqual([...permissionNames].toSorted())
})
