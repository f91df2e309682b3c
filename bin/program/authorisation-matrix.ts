// Who may call what, said by hand and read by people. authorisation.test.ts asks the running program whether it is so, and
// fails on a route that has no row here.

export type Caller =
  | 'owner'
  | 'admin'
  | 'lead'
  | 'agent'
  | 'viewer'
  /** An API token with the scope `admin`, and one with the scope `read`. */
  | 'adminToken'
  | 'readToken'
  /** Signed in, and a member of no workspace. */
  | 'outsider'
  /** A visitor of the chat, by their own token. */
  | 'visitor'
  | 'nobody'

const of = (...callers: readonly Caller[]): readonly Caller[] => callers

const everybody = of(
  'owner',
  'admin',
  'lead',
  'agent',
  'viewer',
  'adminToken',
  'readToken',
  'outsider',
  'visitor',
  'nobody',
)
const signedIn = of('owner', 'admin', 'lead', 'agent', 'viewer', 'outsider')
const members = of('owner', 'admin', 'lead', 'agent', 'viewer')
const readers = of('owner', 'admin', 'lead', 'agent', 'viewer', 'adminToken', 'readToken')
const writers = of('owner', 'admin', 'lead', 'agent', 'adminToken')
const leads = of('owner', 'admin', 'lead', 'adminToken')
const admins = of('owner', 'admin', 'adminToken')
const peopleReaders = of('owner', 'admin', 'lead', 'adminToken', 'readToken')
const auditors = of('owner', 'admin', 'adminToken', 'readToken')
const visitors = of('visitor')

export const matrix: Readonly<Record<string, readonly Caller[]>> = {
  acceptInvitation: everybody,
  addTags: writers,
  archiveLabel: leads,
  archiveTeam: admins,
  askPasswordReset: everybody,
  assignConversation: writers,
  beginSecondFactor: signedIn,
  blockCustomer: leads,
  changeConnection: admins,
  changeCustomer: writers,
  changeLabel: leads,
  changeMe: members,
  changeMember: admins,
  changePassword: signedIn,
  changeServiceHours: admins,
  changeTeam: admins,
  changeWorkspace: admins,
  checkPasswordReset: everybody,
  checkSetup: everybody,
  claimSetup: everybody,
  confirmMessages: visitors,
  confirmOutbound: admins,
  confirmSecondFactor: signedIn,
  countConversations: readers,
  createConnection: admins,
  createCustomer: writers,
  createLabel: leads,
  createServiceHours: admins,
  createTeam: admins,
  createToken: admins,
  decideUnknown: leads,
  disableSecondFactor: signedIn,
  discardMessage: leads,
  dismissQuarantine: admins,
  endVisit: visitors,
  getConnection: readers,
  getConversation: readers,
  getCustomer: readers,
  getDraft: writers,
  getInvitation: everybody,
  getMe: signedIn,
  getSetup: everybody,
  getTranscript: visitors,
  getWidgetConfig: everybody,
  getWorkspace: readers,
  health: everybody,
  inviteMember: admins,
  labelConversation: writers,
  leaveWorkspace: members,
  listAccess: auditors,
  listAudit: auditors,
  listChannels: readers,
  listColleagues: readers,
  listConnections: readers,
  listConversations: readers,
  listCustomerNotes: readers,
  listCustomerTags: readers,
  listHeaders: readers,
  listInvitations: admins,
  listLabels: readers,
  listLogins: signedIn,
  listMembers: peopleReaders,
  listMessages: readers,
  getSample: admins,
  listQuarantine: admins,
  loadSample: admins,
  listServiceHours: readers,
  listTeams: readers,
  listTokens: admins,
  listUnsettled: readers,
  listVisitMessages: visitors,
  // A token with every permission is no person, and must not make itself one.
  makeResetLink: of('owner', 'admin'),
  markConversationRead: readers,
  metrics: everybody,
  moveMessage: writers,
  openApi: everybody,
  openStream: readers,
  overrideGate: leads,
  pauseConnection: admins,
  postMessage: visitors,
  readAttachment: readers,
  readFile: visitors,
  readHtml: readers,
  readRaw: readers,
  readiness: everybody,
  removeConnection: admins,
  removeCustomerNote: writers,
  removeMember: admins,
  removeSample: admins,
  removeServiceHours: admins,
  removeTags: writers,
  renewBackupCodes: signedIn,
  reopenConversation: writers,
  resendInvitation: admins,
  resetPassword: everybody,
  resolveConversation: writers,
  restoreMember: admins,
  resumeConnection: admins,
  resumeVisit: visitors,
  retryMessage: writers,
  retryQuarantine: admins,
  revealSecrets: admins,
  revokeInvitation: admins,
  revokeLogin: signedIn,
  revokeOtherLogins: signedIn,
  revokeToken: admins,
  saveContact: visitors,
  saveDraft: writers,
  searchCustomers: readers,
  searchMessages: readers,
  sendMessage: writers,
  setTyping: visitors,
  showPresence: readers,
  signIn: everybody,
  signOut: everybody,
  signOutMember: admins,
  snoozeConversation: writers,
  splitMessage: writers,
  startConversation: writers,
  startLine: visitors,
  startVisit: everybody,
  suspendMember: admins,
  testConnection: admins,
  unblockCustomer: leads,
  undoMessage: writers,
  uploadAttachment: writers,
  uploadFile: visitors,
  verifySecondFactor: everybody,
  visitStream: visitors,
  waitConversation: writers,
  writeCustomerNote: writers,
  writeNote: writers,
}
