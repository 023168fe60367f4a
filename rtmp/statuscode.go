package rtmp

import "strings"

// protocolWords are what status codes and levels are made of (Flash Media
// Server's and its followers'). A stream key may well be one of them, "stream"
// to begin with; masked, the code would mean nothing any more.
var protocolWords = func() map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq(`
		netconnection netstream connect publish unpublish record play call data onstatus
		success start stop failed rejected closed appshutdown invalidapp idletimeout idle
		badname denied badconnection badauth badversion prohibited noaccess diskquotaexceeded
		reconnectrequest unauthorized notallowed notfound timeout reset error status warning`) {
		words[word] = true
	}
	return words
}()

// code makes a status code or level of the server fit for errors and logs: its
// first words stay as they are as far as the protocol knows them.
func (r redactor) code(s string) string {
	if len(s) > maxWords {
		return r.words(s)
	}
	known := 0
	for word := range strings.SplitAfterSeq(s, ".") {
		if !protocolWords[strings.ToLower(strings.TrimSuffix(word, "."))] {
			return s[:known] + r.words(s[known:])
		}
		known += len(word)
	}
	return s
}
