// What IPersistStream and IPersistPropertyBag exchange with Go.
#ifndef PERSIST_H
#define PERSIST_H
#include <stdint.h>

#define MOST (1 << 20) // bytes of saved settings, and characters of one: as store.MaxSize

// BagPair is an option in a property bag, in malloc's memory: its name there, and
// its value as text, NULL for none.
typedef struct {
    uint16_t *name, *text;
} BagPair;
#endif
