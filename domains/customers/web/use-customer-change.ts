import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { notify } from '../../../web/ui/notice-store.ts'
import type { Customer } from '../contract.ts'
import { customerQuery } from './queries.ts'

/** Asks the server for a change and shows what it answers. Answers whether it was taken. */
export function useCustomerChange(id: string) {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const change = async (ask: () => Promise<Customer>): Promise<boolean> => {
    setBusy(true)
    try {
      client.setQueryData(customerQuery(id).queryKey, await ask())
      return true
    } catch (error) {
      notify(problemOf(error).message, { tone: 'danger' })
      return false
    } finally {
      setBusy(false)
    }
  }
  return { change, busy }
}
