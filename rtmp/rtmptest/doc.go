// Package rtmptest has a scripted RTMP server for tests of publishers, in the
// manner of net/http/httptest: on TCP over loopback, or in memory for virtual
// time (testing/synctest). It answers as a good server does unless its Script
// says otherwise, records what it receives, and sends whatever a test asks for.
package rtmptest
