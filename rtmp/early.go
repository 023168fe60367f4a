package rtmp

import "errors"

// ClosedEarly reports whether err is the end of a session within a second of
// the server's go-ahead, without a word: servers that look at the stream key
// only then say no in this way. Trying again may go on so for ever.
func ClosedEarly(err error) bool {
	var closed *peerClosedError
	return errors.As(err, &closed) && closed.early
}
