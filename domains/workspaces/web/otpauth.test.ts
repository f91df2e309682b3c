import { expect, test } from 'vitest'
import { codesFile, secretGroups } from './otpauth.ts'

test('a secret is read in groups of four', () => {
  expect(secretGroups('otpauth://totp/Rapport:a%40b.example?secret=JBSWY3DPEHPK3P&issuer=Rapport')).toBe(
    'JBSW Y3DP EHPK 3P',
  )
})

test('an address without a secret shows nothing', () => {
  expect(secretGroups('otpauth://totp/Rapport')).toBe('')
})

test('kept codes say whose they are', () => {
  expect(codesFile(['ab-cd', 'ef-gh'], 'mara@corner.example', 'Backup codes')).toBe(
    'Backup codes\nmara@corner.example\n\nab-cd\nef-gh\n',
  )
})
