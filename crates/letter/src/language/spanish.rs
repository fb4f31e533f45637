//! Spanish.

use super::{Defaults, Facts, Legend, Words, part};

pub(super) const WORDS: Words = Words {
    tag: "es",
    hyphenation: hypher::Lang::Spanish,
    defaults: Defaults {
        title: "Declaración de calidad",
        address_intro: "con sede principal en",
        statement: "ha presentado para su aprobación productos y servicios de tarjetas inteligentes. Se ha comprobado \
            que cumplen los requisitos del programa Card Quality Management, y se han concedido las etiquetas \
            siguientes.",
        valid_until: "Último día de validez: {date}",
        heading: "Cómo verificar esta declaración",
        intro: "La firma electrónica del archivo es la prueba de esta declaración. Una copia impresa, un escaneo o \
            una imagen no prueban nada.",
        steps: [
            "Tome el propio archivo PDF, tal como lo publica su titular. Un visor de PDF que comprueba firmas \
             muestra quién lo firmó y si fue modificado.",
            "Pida a la oficina del programa el certificado raíz y la lista de estados más reciente, y compare la \
             huella de la raíz con la de arriba por una vía en la que confíe.",
            "Ejecute «cqm verify letter.pdf --trust root.pem --status list.jwt» con los nombres de los tres \
             archivos. No necesita red; comprueba las firmas, las fechas y si alguna etiqueta se detuvo después.",
            "Las máquinas leen la misma declaración en un token firmado del archivo, el adjunto certificate.jwt.",
        ],
    },
    certificate: "Certificado",
    page: "Página {page} de {count}",
    companies: "Las empresas del grupo, tras su número en las etiquetas:",
    country: "Código de país",
    city: "Ciudad (+ nombre del subcontratista)",
    activities: [
        "Circuito integrado",
        "Módulo de circuito integrado",
        "Módulo de circuito integrado IAC",
        "Módulo de sensor de huella",
        "Inlay",
        "Inlay IAC",
        "Cuerpo de tarjeta",
        "Tarjeta con chip",
        "Tarjeta interactiva",
        "Perso",
    ],
    no_label: "Sin etiqueta: el sitio está registrado en el programa, pero ninguna de sus actividades está aprobada.",
    facts: Facts {
        number: "Número del certificado",
        validity: "Primer y último día de validez",
        to: "–",
        fingerprint: "Huella del certificado raíz del programa (SHA-256)",
        online: "Verificar esta declaración en un navegador",
    },
    legend: Legend {
        heading: "Los caracteres de una etiqueta",
        intro: "Diez caracteres designan una actividad, en un sitio, de una empresa.",
        activity: part("Actividad", "carácter 1"),
        company: part("Empresa", "caracteres 2 y 3"),
        site: part("Sitio", "caracteres 4 y 5"),
        reserved: part("Reservado", "caracteres 6 y 7"),
        packaging: part("Entrega", "carácter 8"),
        technology: part("Tecnología", "carácter 9"),
        status: part("Estado", "carácter 10"),
        activities: [
            "circuitos integrados (chips EMV)",
            "módulos de chip con contactos",
            "módulos de chip para tarjetas interactivas",
            "módulos de sensor biométrico (huella dactilar)",
            "inlays para cuerpos de tarjeta",
            "inlays para tarjetas interactivas",
            "cuerpos de tarjeta",
            "tarjetas con chip",
            "tarjetas interactivas (sensor o pantalla)",
            "personalización de tarjetas",
        ],
        the_company: "el número de la empresa en el programa",
        the_site: "el número del sitio de fabricación dentro de la empresa",
        both_zero: "reservados para uso futuro, ambos 0",
        packagings: ["con módulo (antiguo)", "sin módulo", "con y sin módulo"],
        technologies: [
            "interfaz dual (con y sin contacto, vale también para solo contacto)",
            "solo contacto (no se concede desde abril de 2023)",
        ],
        approval: "aprobación (tras una auditoría superada)",
    },
    preview: "VISTA PREVIA – no es un certificado",
};
