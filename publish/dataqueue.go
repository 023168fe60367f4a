package publish

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// message is a data message on its way.
type message struct {
	handler string
	body    []byte
	stored  bool
	// mark is the decode time of the newest frame written before the message;
	// marked tells that there was one.
	mark   time.Duration
	marked bool
}

// dataQueue holds the data messages that wait for their place in the stream, and
// the stored ones for sessions to come. Safe for concurrent use.
type dataQueue struct {
	mu      sync.Mutex
	waiting []message
	bytes   int
	// stored has the last message of each handler, in the order of their first.
	// Those that still wait are not in it.
	stored []message
}

// add puts a message behind the others.
func (q *dataQueue) add(m message) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) >= maxDataWaiting || q.bytes+len(m.body) > maxDataBytes {
		return ErrDataFull
	}
	if m.stored && q.storedNames(m.handler) > maxStored {
		return &DataError{m.handler, fmt.Sprintf("%d handlers have stored data already", maxStored)}
	}
	q.waiting = append(q.waiting, m)
	q.bytes += len(m.body)
	return nil
}

// storedNames counts the handlers with stored data, name among them.
func (q *dataQueue) storedNames(name string) int {
	names := []string{name}
	for _, list := range [][]message{q.stored, q.waiting} {
		for _, m := range list {
			if m.stored && !slices.Contains(names, m.handler) {
				names = append(names, m.handler)
			}
		}
	}
	return len(names)
}

// take removes the first message if it is due before a frame at dts, or whatever
// comes next when all are due.
func (q *dataQueue) take(dts time.Duration, all bool) (m message, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		return message{}, false
	}
	if m = q.waiting[0]; !all && m.marked && m.mark >= dts {
		return message{}, false
	}
	q.waiting = slices.Delete(q.waiting, 0, 1)
	q.bytes -= len(m.body)
	if m.stored {
		if i := slices.IndexFunc(q.stored, m.sameHandler); i >= 0 {
			q.stored[i] = m
		} else {
			q.stored = append(q.stored, m)
		}
	}
	return m, true
}

func (m message) sameHandler(other message) bool { return m.handler == other.handler }

// kept are the stored messages, that of onMetaData alone or all.
func (q *dataQueue) kept(metadataOnly bool) []message {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := slices.Clone(q.stored)
	if metadataOnly {
		list = slices.DeleteFunc(list, func(m message) bool { return m.handler != "onMetaData" })
	}
	return list
}

// ending is why nothing more may be written, or nil.
func (q *queue) ending() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}
