package publish

import (
	"context"
	"iter"
	"sync"
)

// changes hands every change to every watcher once and in order, however slow
// the watcher is, without a goroutine: a linked list of changes of which each
// watcher holds its place. What nobody holds is garbage.
type changes[T any] struct {
	mu   sync.Mutex
	last *change[T]
}

type change[T any] struct {
	value T
	next  *change[T]
	ready chan struct{} // closed when next is set
}

func (l *changes[T]) set(value T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := &change[T]{value: value, ready: make(chan struct{})}
	if l.last != nil {
		l.last.next = n
		close(l.last.ready)
	}
	l.last = n
}

func (l *changes[T]) current() *change[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// watch yields the present value and then every one that comes, until ctx ends
// or the caller stops.
func (l *changes[T]) watch(ctx context.Context) iter.Seq[T] {
	n := l.current()
	return func(yield func(T) bool) {
		for yield(n.value) {
			select {
			case <-n.ready:
				n = n.next
			case <-ctx.Done():
				select {
				case <-n.ready: // it changed before ctx ended
					n = n.next
				default:
					return
				}
			}
		}
	}
}
