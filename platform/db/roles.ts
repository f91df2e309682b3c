// The login role of the pool: may become rapport_app or rapport_system, inherits nothing of either. Its name carries the
// database's, so that two Rapports can share a cluster.
import type pg from 'pg'

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** The statements that make or refresh the login role; `doctor` prints them where the program may not create roles. */
export function loginRoleStatements(database: string, password: string): string[] {
  const role = quote(loginRoleName(database))
  return [
    `do $$ begin create role ${role} login noinherit; exception when duplicate_object or unique_violation then null; end $$`,
    `alter role ${role} login noinherit password ${literal(password)}`,
    `alter role ${role} set idle_in_transaction_session_timeout = '30s'`,
    `alter role ${role} set statement_timeout = '30s'`,
    `grant rapport_app, rapport_system to ${role} with inherit false, set true`,
    `grant connect on database ${quote(database)} to ${role}`,
    `grant execute on function accept_deliveries to ${role}`,
  ]
}

export function loginRoleName(database: string): string {
  return `rapport_login_${database}`.slice(0, 63)
}

/** Makes the login role and returns the pool's address. `owner` is connected as the owner of the database. */
export async function ensureLoginRole(owner: pg.Client, ownerUrl: string, password: string): Promise<string> {
  const url = new URL(ownerUrl)
  const database = decodeURIComponent(url.pathname.slice(1)) || 'postgres'
  for (const statement of loginRoleStatements(database, password)) await owner.query(statement)
  url.username = encodeURIComponent(loginRoleName(database))
  url.password = encodeURIComponent(password)
  return url.href
}
