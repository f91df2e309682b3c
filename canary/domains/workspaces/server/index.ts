export const workspacesName = 'workspaces'
