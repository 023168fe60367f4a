//go:build 386 || arm || mips || mipsle

package receiver

import (
	"errors"
	"fmt"
)

func (r *Receiver) serve() error {
	return fmt.Errorf("RTMP receiver: %w on 32-bit systems; use a 64-bit build", errors.ErrUnsupported)
}
