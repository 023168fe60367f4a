// Package tunnel carries a connection through HTTP: RTMPT, and RTMPTS where the
// transport beneath is TLS. Conn is the client's end as a net.Conn.
//
// Nobody standardized it. A session is opened with POST /open/1, whose reply is
// the session's name. POST /send/name/number carries the client's bytes, POST
// /idle/name/number asks whether the server has some, POST /close/name/number
// ends it; numbers count from 0. Every reply but the first begins with one byte
// that says how soon to ask again, and the server's bytes follow. One request
// is under way at a time.
package tunnel
