// Breach: a name that every importer may choose anew.
export default 'breach'
