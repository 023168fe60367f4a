package rtmp

import (
	"net"
	"time"
)

// recordSize is how much is gathered into one write where the connection can't
// take a vector: the largest TLS record.
const recordSize = 16384

// mostSlices bounds the slices of one vectored write: systems have limits, 1024 on
// Linux, and what is beneath Windows' sockets may have them without Windows.
const mostSlices = 512

// outlet sends vectors of slices to the server: in one system call, without a
// copy, where the connection is TCP; in one request where it is a tunnel;
// gathered into records elsewhere. It is used under the session's write lock.
type outlet struct {
	*stallWriter
	whole  bool // the connection takes vectors
	vector net.Buffers
	write  func() (int64, error) // writes vector; made once, so that no call allocates
	record []byte
}

func newOutlet(conn net.Conn, limit time.Duration) *outlet {
	o := &outlet{stallWriter: newStallWriter(conn, limit)}
	switch conn := conn.(type) {
	case *net.TCPConn:
		if v, err := newVectored(conn); err == nil { // else it is closed, and Write tells so
			o.whole, o.write = true, func() (int64, error) { return v.write(&o.vector) }
		}
	case *tunnelConn:
		o.whole, o.write = true, func() (int64, error) { return conn.WriteBuffers(&o.vector) }
	}
	return o
}

// send writes the whole vector and consumes it. When it returns, the slices
// are free again.
func (o *outlet) send(vector [][]byte) error {
	if !o.whole {
		return o.gather(vector)
	}
	for len(vector) > 0 {
		part := vector[:min(len(vector), mostSlices)]
		vector = vector[len(part):]
		for _, b := range part {
			o.offered.Add(uint64(len(b)))
		}
		o.vector = part
		err := o.retry(o.write)
		o.vector = nil // let go of what a failure left
		if err != nil {
			return err
		}
	}
	return nil
}

func (o *outlet) gather(vector [][]byte) error {
	if o.record == nil {
		o.record = make([]byte, 0, recordSize)
	}
	for _, b := range vector {
		for len(b) > 0 {
			n := min(len(b), recordSize-len(o.record))
			o.record, b = append(o.record, b[:n]...), b[n:]
			if len(o.record) < recordSize {
				continue
			}
			if err := o.flushRecord(); err != nil {
				return err
			}
		}
	}
	return o.flushRecord()
}

func (o *outlet) flushRecord() error {
	if len(o.record) == 0 {
		return nil
	}
	_, err := o.Write(o.record)
	o.record = o.record[:0]
	return err
}
