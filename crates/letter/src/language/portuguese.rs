//! Portuguese.

use super::{Defaults, Facts, Legend, Words, part};

pub(super) const WORDS: Words = Words {
    tag: "pt",
    hyphenation: hypher::Lang::Portuguese,
    defaults: Defaults {
        title: "Declaração de qualidade",
        address_intro: "com sede principal em",
        statement: "submeteu a aprovação produtos e serviços de cartões inteligentes. Verificou-se que cumprem os \
            requisitos do programa Card Quality Management, e foram concedidos os selos abaixo.",
        valid_until: "Último dia de validade: {date}",
        heading: "Como verificar esta declaração",
        intro: "A assinatura eletrónica do ficheiro é a prova desta declaração. Uma cópia impressa, digitalizada ou \
            fotografada não prova nada.",
        steps: [
            "Use o próprio ficheiro PDF, tal como o titular o publica. Um leitor de PDF que verifica assinaturas \
             mostra quem o assinou e se foi alterado.",
            "Peça ao gabinete do programa o certificado raiz e a lista de estados mais recente, e compare a \
             impressão digital da raiz com a indicada acima por uma via em que confie.",
            "Execute “cqm verify letter.pdf --trust root.pem --status list.jwt” com os nomes dos três ficheiros. Não \
             precisa de rede; verifica as assinaturas, as datas e se algum selo foi entretanto suspenso.",
            "As máquinas leem a mesma declaração num token assinado do ficheiro, o anexo certificate.jwt.",
        ],
    },
    certificate: "Certificado",
    page: "Página {page} de {count}",
    companies: "As empresas do grupo, após o seu número nos selos:",
    country: "Código do país",
    city: "Cidade (+ nome do subcontratado)",
    activities: [
        "Circuito integrado",
        "Módulo de circuito integrado",
        "Módulo de circuito integrado IAC",
        "Módulo de sensor biométrico",
        "Inlay",
        "Inlay IAC",
        "Corpo de cartão",
        "Cartão com chip",
        "Cartão interativo",
        "Perso",
    ],
    no_label: "Sem selo: o local está registado no programa, mas nenhuma das suas atividades está aprovada.",
    facts: Facts {
        number: "Número do certificado",
        validity: "Primeiro e último dia de validade",
        to: "–",
        fingerprint: "Impressão digital do certificado raiz do programa (SHA-256)",
        online: "Verificar esta declaração num navegador",
    },
    legend: Legend {
        heading: "Os caracteres de um selo",
        intro: "Dez caracteres designam uma atividade, num local, de uma empresa.",
        activity: part("Atividade", "carácter 1"),
        company: part("Empresa", "caracteres 2 e 3"),
        site: part("Local", "caracteres 4 e 5"),
        reserved: part("Reservado", "caracteres 6 e 7"),
        packaging: part("Entrega", "carácter 8"),
        technology: part("Tecnologia", "carácter 9"),
        status: part("Estado", "carácter 10"),
        activities: [
            "circuitos integrados (chips EMV)",
            "módulos de chip com contactos",
            "módulos de chip para cartões interativos",
            "módulos de sensor biométrico (impressão digital)",
            "inlays para corpos de cartão",
            "inlays para cartões interativos",
            "corpos de cartão",
            "cartões com chip",
            "cartões interativos (sensor ou ecrã)",
            "personalização de cartões",
        ],
        the_company: "o número da empresa no programa",
        the_site: "o número do local de fabrico dentro da empresa",
        both_zero: "reservados para uso futuro, ambos 0",
        packagings: ["com módulo (antigo)", "sem módulo", "com e sem módulo"],
        technologies: [
            "interface dupla (com e sem contacto, vale também para só contacto)",
            "só contacto (não concedido desde abril de 2023)",
        ],
        approval: "aprovação (após auditoria bem-sucedida)",
    },
    preview: "PRÉ-VISUALIZAÇÃO – não é um certificado",
};
