package tunnel

import (
	"fmt"
	"strings"
	"time"
)

// parseID takes the session's name from the reply to open: a line of text. It
// becomes part of a path, so it may hold what a path takes as it is and
// nothing that leads elsewhere.
func parseID(body []byte) (string, error) {
	id := strings.TrimRight(string(body), "\r\n")
	switch {
	case id == "":
		return "", &FormatError{"the server's reply has no name for the tunnel's session"}
	case len(id) > maxID:
		return "", &FormatError{fmt.Sprintf("the server's name for the tunnel's session has more than %d characters", maxID)}
	case id == "." || id == "..":
		return "", &FormatError{"the server's name for the tunnel's session can't be part of a path"}
	}
	for i := range len(id) {
		if !plain(id[i]) {
			return "", &FormatError{fmt.Sprintf("the server's name for the tunnel's session has the byte 0x%02x", id[i])}
		}
	}
	return id, nil
}

// plain tells the characters that stand for themselves in a path (RFC 3986,
// section 2.3), and two of base64.
func plain(b byte) bool {
	switch {
	case b >= '0' && b <= '9', b >= 'A' && b <= 'Z', b >= 'a' && b <= 'z':
		return true
	default:
		return strings.IndexByte("-._~+=", b) >= 0
	}
}

// parsePoll says how long to wait before the next question, given the first
// byte of a reply.
func parsePoll(hint byte) time.Duration {
	return min(max(time.Duration(hint)*hintUnit, minPoll), maxPoll)
}
