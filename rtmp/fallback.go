package rtmp

import "errors"

// ways are the URLs to try, one after another as long as none can be reached.
func ways(u *URL, _ Config) []*URL { return []*URL{u} }

// unreached tells that an error came before the server had said anything, so
// that another way may lead to it.
func unreached(err error) bool {
	var op *OpError
	return errors.As(err, &op) && (op.Op == opDial || op.Op == opHandshake)
}
